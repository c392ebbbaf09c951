namespace Twins.Tests.Harness;

/// <summary>A real Redis on a free loopback port, durable as in production (<c>appendfsync always</c>).</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _addresses;
    private string[] _settings = [];
    private ChildProcess? _process;

    private RedisProcess(string[] addresses) => _addresses = addresses;

    /// <summary>Where it listens.</summary>
    public int Port { get; } = Loopback.FreePort();

    /// <summary>Its process id.</summary>
    public int Id => (_process ?? throw new InvalidOperationException("it is not started")).Id;

    /// <summary>It is gone.</summary>
    public bool HasExited => _process is null || _process.HasExited;

    /// <summary>For <c>Twins:Store:Redis</c>.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Starts a Redis of one's own.</summary>
    /// <param name="addresses">Where else than on 127.0.0.1 it listens.</param>
    public static async Task<RedisProcess> Start(params string[] addresses)
    {
        var redis = new RedisProcess(addresses);
        await redis.StartAgain();
        return redis;
    }

    /// <summary>Starts a Redis with other settings than those of production.</summary>
    /// <param name="settings">Arguments of redis-server, for example <c>--requirepass</c> and <c>secret</c>.</param>
    public static async Task<RedisProcess> StartWith(params string[] settings)
    {
        var redis = new RedisProcess([]) { _settings = settings };
        await redis.StartAgain();
        return redis;
    }

    /// <summary>Starts it on the same port and data with other settings; it must be gone.</summary>
    public Task StartAgainWith(params string[] settings)
    {
        _settings = settings;
        return StartAgain();
    }

    /// <summary>Starts it on the same port and data; it must be gone.</summary>
    public async Task StartAgain()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _process = ChildProcess.Start(
            Component.Redis.RequiredPath,
            [
                "--port", $"{Port}", "--bind", "127.0.0.1", .. _addresses, "--protected-mode", "no", "--dir", _folder.Path,
                "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction", "--save", "", .. _settings,
            ]);
        await Listening.On(Port, _process, "redis-server");
    }

    /// <summary>Sends a command with redis-cli as the default user; returns the answer.</summary>
    public Task<string> Ask(params string[] command)
    {
        var password = Array.IndexOf(_settings, "--requirepass");
        string[] credentials = password < 0 ? [] : ["--no-auth-warning", "-a", _settings[password + 1]];
        return RedisCli.Run(["-p", $"{Port}", .. credentials, .. command]);
    }

    /// <summary>The path of a file in its folder.</summary>
    public string In(string name) => _folder.In(name);

    /// <summary>Stops it as an operator does (SIGTERM).</summary>
    public Task Stop() => _process!.Terminate(Eventually.Deadline);

    /// <summary><c>kill -9</c>.</summary>
    public Task Kill() => _process?.Kill() ?? Task.CompletedTask;

    /// <summary>Stands still, with its connections open, until <see cref="Resume"/>.</summary>
    public Task Pause() => _process!.Pause();

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Resume() => _process!.Resume();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }
}
