/* A device with the paho client for C: cc -o device device.c -lpaho-mqtt3c && ./device [HOST [PORT [TWIN_ID]]]
   It leaves JSON to a library of your choice: desired values are reported as they came, without their "$revision". */
#include <MQTTClient.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *twin = "example:c";

static void publish(MQTTClient client, const char *topic, const char *payload)
{
    MQTTClient_deliveryToken token;
    int code = MQTTClient_publish(client, topic, (int)strlen(payload), payload, 1, 0, &token);
    /* QoS 1: the acknowledgement says that the platform has stored it. */
    if (code == MQTTCLIENT_SUCCESS)
        code = MQTTClient_waitForCompletion(client, token, 10000);
    if (code != MQTTCLIENT_SUCCESS)
        fprintf(stderr, "%s: %s\n", topic, MQTTClient_strerror(code));
}

/* {"setpoint":21,"$revision":7} -> {"setpoint":21}. A quote within a text of JSON is escaped, so this finds the member alone. */
static char *without_revision(char *desired)
{
    char *start = strstr(desired, "\"$revision\":");
    if (start == NULL)
        return desired;
    char *end = start + strlen("\"$revision\":");
    end += strspn(end, "0123456789");
    if (*end == ',')
        end++;
    else if (start[-1] == ',')
        start--;
    memmove(start, end, strlen(end) + 1);
    return desired;
}

/* The time in "$expiresAt" is RFC 3339 in UTC, so texts compare like times; seconds are exact enough. */
static int is_expired(const char *payload)
{
    char now[20];
    time_t seconds = time(NULL);
    const char *expires = strstr(payload, "\"$expiresAt\":\"");
    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%S", gmtime(&seconds));
    return expires != NULL && strncmp(expires + strlen("\"$expiresAt\":\""), now, 19) < 0;
}

static void handle(MQTTClient client, const char *topic, char *payload)
{
    char name[129], command[27], out[400];
    const char *rest = topic + strlen("twins/") + strlen(twin) + 1;
    if (strcmp(rest, "desired") == 0) {
        snprintf(out, sizeof out, "twins/%s/reported", twin);
        publish(client, out, without_revision(payload));
    } else if (sscanf(rest, "commands/%128[^/]/%26[^/]", name, command) == 2) {
        /* A broker, unlike the platform, sends our own answers back to us. A command may arrive twice: the last id is remembered. */
        static char last[27];
        if (strcmp(command, "response") == 0 || strcmp(command, last) == 0 || is_expired(payload))
            return;
        strcpy(last, command);
        snprintf(out, sizeof out, "twins/%s/commands/%s/response", twin, command);
        publish(client, out, strcmp(name, "ping") == 0 ? "{\"pong\":true}" : "{\"error\":\"this device does not know that\"}");
    } else {
        fprintf(stderr, "the platform refused a message: %s\n", payload);
    }
}

static int open_connection(MQTTClient client)
{
    MQTTClient_connectOptions options = MQTTClient_connectOptions_initializer;
    options.keepAliveInterval = 30;
    options.cleansession = 0;
    int code = MQTTClient_connect(client, &options);
    const char *filters[] = { "desired", "commands/+/+", "errors" };
    for (int i = 0; i < 3 && code == MQTTCLIENT_SUCCESS; i++) {
        char filter[200];
        snprintf(filter, sizeof filter, "twins/%s/%s", twin, filters[i]);
        code = MQTTClient_subscribe(client, filter, 1);
    }
    if (code == MQTTCLIENT_SUCCESS)
        printf("connected as %s\n", twin);
    else
        fprintf(stderr, "not connected: %s\n", MQTTClient_strerror(code));
    return code;
}

int main(int count, char **values)
{
    char address[300], reported[200], temperature[60];
    snprintf(address, sizeof address, "tcp://%s:%s", count > 1 ? values[1] : "127.0.0.1", count > 2 ? values[2] : "1883");
    if (count > 3)
        twin = values[3];
    snprintf(reported, sizeof reported, "twins/%s/reported", twin);

    MQTTClient client;
    if (MQTTClient_create(&client, address, twin, MQTTCLIENT_PERSISTENCE_NONE, NULL) != MQTTCLIENT_SUCCESS)
        return 1;
    for (int turn = 0;; turn++) {
        if (!MQTTClient_isConnected(client) && open_connection(client) != MQTTCLIENT_SUCCESS) {
            MQTTClient_yield();
            continue;
        }
        if (turn % 50 == 0) {
            snprintf(temperature, sizeof temperature, "{\"temperature\":%.1f}", 20 + rand() % 50 / 10.0);
            publish(client, reported, temperature);
        }

        /* Waits for at most 100 ms. */
        char *topic = NULL;
        int length = 0;
        MQTTClient_message *message = NULL;
        if (MQTTClient_receive(client, &topic, &length, &message, 100) == MQTTCLIENT_SUCCESS && message != NULL) {
            char *payload = calloc(1, (size_t)message->payloadlen + 1);
            memcpy(payload, message->payload, (size_t)message->payloadlen);
            handle(client, topic, payload);
            free(payload);
            MQTTClient_freeMessage(&message);
            MQTTClient_free(topic);
        }
    }
}
