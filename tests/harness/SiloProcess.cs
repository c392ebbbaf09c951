namespace Twins.Tests.Harness;

/// <summary>A silo without REST, in a process of its own.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
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

    /// <summary>Starts a silo and returns at once.</summary>
    /// <param name="program">Another build of it.</param>
    public static SiloProcess Launch(TwinsSettings settings, string? program = null) => new(
        ChildProcess.Start("dotnet", [program ?? Repository.Program("silo", "Twins.Silo.dll")], settings.ToEnvironment(), Path.GetTempPath()),
        settings);

    /// <summary>Returns when its gateway listens, which it does last.</summary>
    public Task Ready() => Listening.On(Settings.MqttPort, _process, "the silo's gateway");

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
            TimeSpan.FromSeconds(60));
    }

    /// <summary>Stops it as an operator does (SIGTERM); returns the exit code.</summary>
    public Task<int> Stop() => _process.Terminate(TimeSpan.FromSeconds(40));

    /// <summary>Waits for it to end by itself; returns the exit code.</summary>
    public Task<int> WaitForExit(TimeSpan deadline) => _process.WaitForExit(deadline);

    /// <summary>Stands still, with its connections open, until <see cref="Resume"/>.</summary>
    public Task Pause() => _process.Pause();

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Resume() => _process.Resume();

    /// <summary><c>kill -9</c>.</summary>
    public Task Kill() => _process.Kill();

    /// <summary>Stops it as an operator does (SIGTERM); returns the exit code.</summary>
    public Task<int> Stop() => _process.Terminate(TimeSpan.FromSeconds(30));

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
