namespace Twins.Tests.Harness;

/// <summary><c>mosquitto_pub</c>: one message, and out.</summary>
public static class MosquittoPub
{
    /// <summary>Publishes and returns when the broker has acknowledged.</summary>
    /// <param name="more">Further options, such as <c>--cafile</c>.</param>
    public static async Task Publish(int port, Publish message, string version = "mqttv311", params string[] more)
    {
        if (await TryPublish(port, message, version, more) is not (0, _) and var (code, output))
        {
            throw new InvalidOperationException($"mosquitto_pub ended with {code}: {output}");
        }
    }

    /// <summary>Publishes, and returns the exit code and what was printed.</summary>
    public static async Task<(int Code, string Output)> TryPublish(int port, Publish message, string version, params string[] more)
    {
        await using var process = ChildProcess.Start(
            Component.MosquittoPub.RequiredPath,
            [
                "-h", "127.0.0.1", "-p", $"{port}", "-V", version, "-t", message.Topic, "-q", $"{message.Qos}", "-s",
                .. message.Retain ? ["-r"] : Array.Empty<string>(),
                .. message.UserProperties.SelectMany(pair => new[] { "-D", "publish", "user-property", pair.Key, pair.Value }),
                .. more,
            ]);
        await process.Input.BaseStream.WriteAsync(message.Payload);
        process.Input.Close();
        return (await process.WaitForExit(Eventually.Deadline), process.Output);
    }
}
