namespace Twins.EndToEnd.Tests.Harness;

/// <summary>A real Mosquitto on a free loopback port, which keeps its sessions and messages over a restart.</summary>
public sealed class MosquittoProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_stopDeadline = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder;
    private ChildProcess? _process;

    private MosquittoProcess(TemporaryFolder folder) => _folder = folder;

    /// <summary>Where it listens.</summary>
    public int Port { get; } = Loopback.FreePort();

    /// <summary>Starts a broker of one's own.</summary>
    public static async Task<MosquittoProcess> Start()
    {
        var mosquitto = new MosquittoProcess(new TemporaryFolder());
        // Started as root, Mosquitto becomes the user "mosquitto", which may not read our folder: name the user.
        await File.WriteAllTextAsync(mosquitto._folder.In("mosquitto.conf"), $"""
            listener {mosquitto.Port} 127.0.0.1
            allow_anonymous true
            persistence true
            persistence_location {mosquitto._folder.Path}/
            user {Environment.UserName}
            max_queued_messages 100000
            """);
        await mosquitto.StartAgain();
        return mosquitto;
    }

    /// <summary>Starts it on the same port and data; it must be stopped.</summary>
    public async Task StartAgain()
    {
        _process = ChildProcess.Start(Component.Mosquitto.RequiredPath, ["-c", _folder.In("mosquitto.conf")]);
        await Listening.On(Port, _process, "mosquitto");
    }

    /// <summary>Stops it as an operator does; it saves what it holds.</summary>
    public async Task Stop()
    {
        if (_process is not null)
        {
            await _process.Terminate(s_stopDeadline);
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
