namespace Twins.Tests.Harness;

/// <summary>A real NATS server that listens for MQTT on a free loopback port. Version 2.9 speaks MQTT 3.1.1 only.</summary>
public sealed class NatsProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ChildProcess? _process;

    private NatsProcess()
    {
    }

    /// <summary>Where it listens for MQTT.</summary>
    public int Port { get; } = Loopback.FreePort();

    /// <summary>What it has logged since it was last started.</summary>
    public string Output => _process?.Output ?? "";

    /// <summary>Starts a server of one's own.</summary>
    public static async Task<NatsProcess> Start()
    {
        var nats = new NatsProcess();
        // MQTT needs JetStream and a name.
        await File.WriteAllTextAsync(nats._folder.In("nats.conf"), $$"""
            server_name: "twins-tests"
            listen: "127.0.0.1:{{Loopback.FreePort()}}"
            jetstream { store_dir: "{{nats._folder.Path}}" }
            mqtt { listen: "127.0.0.1:{{nats.Port}}" }
            """);
        await nats.StartAgain();
        return nats;
    }

    /// <summary>Starts it on the same port and data; it must be stopped.</summary>
    public async Task StartAgain()
    {
        _process = ChildProcess.Start(Component.Nats.RequiredPath, ["-c", _folder.In("nats.conf")]);
        await Listening.On(Port, _process, "nats-server");
    }

    /// <summary>Stops it as an operator does.</summary>
    public async Task Stop()
    {
        if (_process is not null)
        {
            await _process.Terminate(Eventually.Deadline);
            await _process.DisposeAsync();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }
}
