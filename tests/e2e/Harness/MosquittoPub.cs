namespace Twins.EndToEnd.Tests.Harness;

/// <summary><c>mosquitto_pub</c>: one message, and out.</summary>
public static class MosquittoPub
{
    /// <summary>Publishes and returns when the broker has acknowledged.</summary>
    public static async Task Publish(int port, Publish message, string version = "mqttv311")
    {
        await using var process = ChildProcess.Start(
            Component.MosquittoPub.RequiredPath,
            [
                "-h", "127.0.0.1", "-p", $"{port}", "-V", version, "-t", message.Topic, "-q", $"{message.Qos}", "-s",
                .. message.Retain ? ["-r"] : Array.Empty<string>(),
                .. message.UserProperties.SelectMany(pair => new[] { "-D", "publish", "user-property", pair.Key, pair.Value }),
            ]);
        await process.Input.BaseStream.WriteAsync(message.Payload);
        process.Input.Close();
        if (await process.WaitForExit(Eventually.Deadline) is not 0 and var code)
        {
            throw new InvalidOperationException($"mosquitto_pub ended with {code}: {process.Output}");
        }
    }
}
