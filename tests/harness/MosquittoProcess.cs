namespace Twins.Tests.Harness;

/// <summary>A real Mosquitto on a free loopback port, which keeps its sessions and messages over a restart.</summary>
public sealed class MosquittoProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_stopDeadline = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder;
    private ChildProcess? _process;

    private MosquittoProcess(TemporaryFolder folder) => _folder = folder;

    /// <summary>Where it listens.</summary>
    public int Port { get; } = Loopback.FreePort();

    /// <summary>Its process id.</summary>
    public int Id => (_process ?? throw new InvalidOperationException("it is not started")).Id;

    /// <summary>It is gone.</summary>
    public bool HasExited => _process is null || _process.HasExited;

    /// <summary>What it has logged since it was last started.</summary>
    public string Output => _process?.Output ?? "";

    private string PasswordFile => _folder.In("passwords");

    /// <summary>Starts a broker of one's own.</summary>
    /// <param name="login">The only user; without one everybody may connect.</param>
    /// <param name="authority">Who signed its certificate; without one it speaks no TLS.</param>
    /// <param name="durability">Lines of its configuration that say what it keeps over a crash.</param>
    /// <param name="addresses">Where else than on 127.0.0.1 it listens.</param>
    public static async Task<MosquittoProcess> Start(
        (string Username, string Password)? login = null, Authority? authority = null, string durability = "max_queued_messages 100000",
        params string[] addresses)
    {
        var mosquitto = new MosquittoProcess(new TemporaryFolder());
        // Started as root, Mosquitto becomes the user "mosquitto", which may not read our folder: name the user.
        await File.WriteAllTextAsync(mosquitto._folder.In("mosquitto.conf"), $"""
            {string.Join('\n', addresses.Prepend("127.0.0.1").Select(address => $"listener {mosquitto.Port} {address}"))}
            {(authority is null ? "" : $"certfile {authority.ServerCertificatePath}")}
            {(authority is null ? "" : $"keyfile {authority.ServerKeyPath}")}
            {(login is null ? "allow_anonymous true" : $"password_file {mosquitto.PasswordFile}")}
            persistence true
            persistence_location {mosquitto._folder.Path}/
            user {Environment.UserName}
            {durability}
            """);
        if (login is var (username, password))
        {
            await mosquitto.SetLogin(username, password);
        }

        await mosquitto.StartAgain();
        return mosquitto;
    }

    /// <summary>Writes the password file anew; it is read at the next start.</summary>
    public async Task SetLogin(string username, string password)
    {
        await using var process = ChildProcess.Start(Component.MosquittoPasswd.RequiredPath, ["-c", "-b", PasswordFile, username, password]);
        if (await process.WaitForExit(Eventually.Deadline) != 0)
        {
            throw new InvalidOperationException($"mosquitto_passwd failed: {process.Output}");
        }
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

    /// <summary>Returns when it has saved what it has now: of two saves that end from now on, the second began after now.</summary>
    public async Task Saved()
    {
        for (var save = 1; save <= 2; save++)
        {
            var before = File.GetLastWriteTimeUtc(_folder.In("mosquitto.db"));
            await Eventually.Is(() => File.GetLastWriteTimeUtc(_folder.In("mosquitto.db")) != before, "mosquitto to save");
        }
    }

    /// <summary>Stands still, with its connections open, until <see cref="Resume"/>.</summary>
    public Task Pause() => _process!.Pause();

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Resume() => _process!.Resume();

    /// <summary><c>kill -9</c>.</summary>
    public async Task Kill()
    {
        if (_process is not null)
        {
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
