namespace Twins.Tests.Harness;

/// <summary><c>mosquitto_sub</c>: another client that we did not write.</summary>
public sealed class MosquittoSub : IAsyncDisposable
{
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChildProcess _process;

    private MosquittoSub(int port, string topic) => _process = ChildProcess.Start(
        "stdbuf", // its debug lines, SUBACK among them, would stay in its buffer
        [
            "-oL", Component.MosquittoSub.RequiredPath, "-d", "-V", "mqttv5", "-h", "127.0.0.1", "-p", $"{port}",
            "-t", topic, "-q", "1", "-F", "MESSAGE\t%t\t%q\t%r\t%x",
        ],
        onOutput: OnLine);

    /// <summary>What it received.</summary>
    public Inbox<MqttMessage> Inbox { get; } = new();

    /// <summary>Subscribes; returns when the broker has said so.</summary>
    public static async Task<MosquittoSub> Start(int port, string topic)
    {
        var sub = new MosquittoSub(port, topic);
        try
        {
            await sub._subscribed.Task.WaitAsync(Eventually.Deadline);
            return sub;
        }
        catch
        {
            await sub.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private void OnLine(string line)
    {
        if (line.StartsWith("MESSAGE\t", StringComparison.Ordinal))
        {
            var parts = line.Split('\t');
            Inbox.Add(new(parts[1], Convert.FromHexString(parts[4]), parts[2][0] - '0', parts[3] == "1", [], null));
        }
        else if (line.StartsWith("Subscribed (", StringComparison.Ordinal))
        {
            _subscribed.TrySetResult();
        }
    }
}
