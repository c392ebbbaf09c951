// A device for ESP32 (with "ESP8266WiFi.h" instead of "WiFi.h" for ESP8266) and the library PubSubClient 2.8.
// PubSubClient publishes with QoS 0 only: a message is lost if the connection breaks, so the state is reported again and again.
#include <WiFi.h>
#include <PubSubClient.h>
#include <time.h>

#ifndef TWINS_HOST
#define WIFI_NAME "my-network"
#define WIFI_PASSWORD "my-password"
#define TWINS_HOST "192.168.1.10"
#define TWINS_PORT 1883
#define TWINS_ID "example:arduino"
#endif

static WiFiClient network;
static PubSubClient mqtt(network);
static unsigned long reportedAt;

static void publish(const char *rest, const char *payload)
{
    char topic[300];
    snprintf(topic, sizeof topic, "twins/%s/%s", TWINS_ID, rest);
    if (!mqtt.publish(topic, payload))
        Serial.println("a message was not sent; is it larger than the buffer?");
}

// {"setpoint":21,"$revision":7} -> {"setpoint":21}. A quote within a text of JSON is escaped, so this finds the member alone.
static void removeRevision(char *desired)
{
    char *start = strstr(desired, "\"$revision\":");
    if (start == NULL)
        return;
    char *end = start + strlen("\"$revision\":");
    end += strspn(end, "0123456789");
    if (*end == ',')
        end++;
    else if (start[-1] == ',')
        start--;
    memmove(start, end, strlen(end) + 1);
}

// The time in "$expiresAt" is RFC 3339 in UTC, so texts compare like times; seconds are exact
// enough. Before the device has its time from NTP it cannot tell.
static bool isExpired(const char *payload)
{
    char now[20];
    time_t seconds = time(NULL);
    const char *expires = strstr(payload, "\"$expiresAt\":\"");
    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%S", gmtime(&seconds));
    return seconds > 1600000000 && expires != NULL && strncmp(expires + strlen("\"$expiresAt\":\""), now, 19) < 0;
}

static void received(char *topic, byte *bytes, unsigned int length)
{
    // The buffer of PubSubClient is used again by publish(): copy what is in it first.
    char payload[1024], name[129], command[27], answer[100];
    if (length >= sizeof payload)
        return;
    memcpy(payload, bytes, length);
    payload[length] = 0;
    const char *rest = topic + strlen("twins/" TWINS_ID "/");
    if (strcmp(rest, "desired") == 0) {
        removeRevision(payload);
        publish("reported", payload);
    } else if (sscanf(rest, "commands/%128[^/]/%26[^/]", name, command) == 2) {
        // A broker, unlike the platform, sends our own answers back to us. A command may arrive twice: the last id is remembered.
        static char last[27];
        if (strcmp(command, "response") == 0 || strcmp(command, last) == 0 || isExpired(payload))
            return;
        strcpy(last, command);
        bool known = strcmp(name, "ping") == 0;
        snprintf(answer, sizeof answer, "commands/%s/response", command);
        publish(answer, known ? "{\"pong\":true}" : "{\"error\":\"this device does not know that\"}");
    } else {
        Serial.println(payload); // Why the platform refused a message.
    }
}

static bool connected()
{
    if (mqtt.connected())
        return true;
    // Not a clean session: the subscriptions last, and commands sent meanwhile wait.
    if (!mqtt.connect(TWINS_ID, NULL, NULL, NULL, 0, false, NULL, false))
        return false;
    return mqtt.subscribe("twins/" TWINS_ID "/desired", 1)
        && mqtt.subscribe("twins/" TWINS_ID "/commands/+/+", 1)
        && mqtt.subscribe("twins/" TWINS_ID "/errors", 1);
}

void setup()
{
    Serial.begin(115200);
    WiFi.begin(WIFI_NAME, WIFI_PASSWORD);
    configTime(0, 0, "pool.ntp.org");
    mqtt.setServer(TWINS_HOST, TWINS_PORT);
    mqtt.setBufferSize(1024); // The default of 256 bytes is too small for many deltas; larger messages are dropped.
    mqtt.setKeepAlive(30);
    mqtt.setCallback(received);
}

void loop()
{
    if (WiFi.status() != WL_CONNECTED || !connected()) {
        delay(1000);
        return;
    }
    mqtt.loop();
    if (reportedAt == 0 || millis() - reportedAt > 5000) {
        char temperature[40];
        snprintf(temperature, sizeof temperature, "{\"temperature\":%d.%d}", 20 + (int)random(5), (int)random(10));
        publish("reported", temperature);
        reportedAt = millis();
    }
    delay(10);
}
