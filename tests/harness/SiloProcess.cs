using System.Net;

namespace Twins.Tests.Harness;

/// <summary>A silo without REST, in a process of its own.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_readyDeadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_stopDeadline = TimeSpan.FromSeconds(40);

    private readonly ChildProcess _process;

    private SiloProcess(ChildProcess process, TwinsSettings settings)
    {
        _process = process;
        Settings = settings;
    }

    /// <summary>How it was told to run.</summary>
    public TwinsSettings Settings { get; }

    /// <summary>Where its health is.</summary>
    public Uri Url => new($"http://127.0.0.1:{Settings.HttpPort}");

    /// <summary>What it has printed.</summary>
    public string Output => _process.Output;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>It is gone.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its gateway.</summary>
    public IPEndPoint Gateway => new(IPAddress.Parse(Settings.Address), Settings.MqttPort);

    /// <summary>Starts a silo and returns at once.</summary>
    /// <param name="settings">How it is to run.</param>
    /// <param name="program">Another build of it.</param>
    /// <param name="inside">The network it runs in; null: this machine's own.</param>
    public static SiloProcess Launch(TwinsSettings settings, string? program = null, NetworkMember? inside = null)
    {
        string[] line = [.. inside?.Prefix ?? [], "dotnet", program ?? Repository.Program("silo", "Twins.Silo.dll")];
        return new(ChildProcess.Start(line[0], line[1..], settings.ToEnvironment(), Path.GetTempPath()), settings);
    }

    /// <summary>Returns when its gateway listens, which it does last.</summary>
    public Task Ready() => Listening.On(Settings.MqttPort, _process, "the silo's gateway", Gateway.Address, s_readyDeadline);

    /// <summary>Stops it as an operator does (SIGTERM); returns the exit code.</summary>
    public Task<int> Stop() => _process.Terminate(s_stopDeadline);

    /// <summary>Stands still, with its connections open, until <see cref="Resume"/>.</summary>
    public Task Pause() => _process.Pause();

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Resume() => _process.Resume();

    /// <summary>Returns when it says itself that it is ready.</summary>
    public async Task IsReady()
    {
        using var rest = new TwinsRest(Url);
        await Eventually.Is(
            async () =>
            {
                if (_process.HasExited)
                {
                    throw new InvalidOperationException($"the silo ended with {_process.ExitCode} instead of starting; its output:\n{Output}");
                }

                try
                {
                    return (await rest.Get("/health/ready")).Status == System.Net.HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the silo to be ready",
            s_readyDeadline);
    }

    /// <summary>Waits for it to end by itself; returns the exit code.</summary>
    public Task<int> WaitForExit(TimeSpan deadline) => _process.WaitForExit(deadline);

    /// <summary><c>kill -9</c>.</summary>
    public Task Kill() => _process.Kill();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
