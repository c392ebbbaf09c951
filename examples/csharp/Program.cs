// A device with MQTTnet: dotnet run [HOST [PORT [TWIN_ID]]]
using System.Globalization;
using System.Text.Json.Nodes;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

var host = args.ElementAtOrDefault(0) ?? "127.0.0.1";
var port = int.Parse(args.ElementAtOrDefault(1) ?? "1883", CultureInfo.InvariantCulture);
var twin = args.ElementAtOrDefault(2) ?? "example:csharp";

var done = new Queue<string>();
using var client = new MqttClientFactory().CreateMqttClient();
var options = new MqttClientOptionsBuilder()
    .WithTcpServer(host, port)
    .WithProtocolVersion(MqttProtocolVersion.V500)
    .WithClientId(twin)
    .WithCleanStart(false)
    .WithSessionExpiryInterval(3600)
    .Build();

client.ApplicationMessageReceivedAsync += async received =>
{
    var message = received.ApplicationMessage;
    var payload = message.ConvertPayloadToString() ?? "";
    switch (message.Topic.Split('/')[2..])
    {
        case ["desired"]:
            // What is desired and not reported yet. Apply it, then report it: the platform stops sending it.
            var desired = JsonNode.Parse(payload)!.AsObject();
            desired.Remove("$revision");
            await Publish("reported", desired);
            break;
        case ["commands", _, "response"]:
            // A broker, unlike the platform, sends our own answers back to us.
            break;
        case ["commands", var name, var command]:
            if (IsDue(command, message.UserProperties?.Find(static property => property.Name == "expiresAt")?.ReadValueAsString()))
            {
                await Publish($"commands/{command}/response", name == "ping" ? new JsonObject { ["pong"] = true } : new JsonObject { ["error"] = $"this device does not know {name}" });
            }

            break;
        default:
            Console.Error.WriteLine($"the platform refused a message: {payload}");
            break;
    }
};

// A command may arrive twice, or after its sender has given it up.
bool IsDue(string command, string? expiresAt)
{
    if (done.Contains(command) || (expiresAt is not null && DateTimeOffset.Parse(expiresAt, CultureInfo.InvariantCulture) < DateTimeOffset.UtcNow))
    {
        return false;
    }

    done.Enqueue(command);
    if (done.Count > 100)
    {
        done.Dequeue();
    }

    return true;
}

using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5));
do
{
    try
    {
        if (!client.IsConnected)
        {
            await client.ConnectAsync(options);

            // After every connection: a session that the platform has forgotten has no subscriptions.
            foreach (var filter in new[] { "desired", "commands/+/+", "errors" })
            {
                await client.SubscribeAsync($"twins/{twin}/{filter}", MqttQualityOfServiceLevel.AtLeastOnce);
            }

            Console.WriteLine($"connected as {twin}");
        }

        await Publish("reported", new JsonObject { ["temperature"] = Math.Round(20 + (5 * Random.Shared.NextDouble()), 1) });
    }
    catch (Exception failed) when (failed is MQTTnet.Exceptions.MqttCommunicationException or OperationCanceledException)
    {
        Console.Error.WriteLine(failed.Message);
    }
}
while (await timer.WaitForNextTickAsync());

// QoS 1: this returns when the platform has stored it.
Task Publish(string topic, JsonObject payload) => client.PublishStringAsync($"twins/{twin}/{topic}", payload.ToJsonString(), MqttQualityOfServiceLevel.AtLeastOnce);
