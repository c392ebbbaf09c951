using System.Diagnostics;

namespace Twins.Tests.Harness;

/// <summary>A platform process: the built API with its silo inside, on free loopback ports.</summary>
public sealed class TwinsProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_readyDeadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_stopDeadline = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private TwinsProcess(ChildProcess process, TwinsSettings settings)
    {
        _process = process;
        Settings = settings;
    }

    /// <summary>How it was told to run.</summary>
    public TwinsSettings Settings { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>It is gone.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Where REST is.</summary>
    public Uri Url => new($"http://127.0.0.1:{Settings.HttpPort}");

    /// <summary>What it has printed.</summary>
    public string Output => _process.Output;

    /// <summary>Starts the platform and returns at once.</summary>
    public static TwinsProcess Launch(TwinsSettings settings, params string[] arguments) => new(
        ChildProcess.Start("dotnet", [Repository.Program("api", "Twins.Api.dll"), .. arguments], settings.ToEnvironment(), Path.GetTempPath()),
        settings);

    /// <summary>Runs a command that ends by itself; returns its exit code and what it printed.</summary>
    public static async Task<(int Code, string Output)> Run(TwinsSettings settings, params string[] arguments)
    {
        await using var process = Launch(settings, arguments);
        return (await process.WaitForExit(s_stopDeadline), process.Output);
    }

    /// <summary>Starts the platform and returns when it says that it is ready.</summary>
    public static async Task<TwinsProcess> Start(TwinsSettings settings)
    {
        var twins = Launch(settings);
        try
        {
            await twins.Ready();
            return twins;
        }
        catch
        {
            await twins.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the platform says that it is ready.</summary>
    public async Task Ready()
    {
        using var http = new HttpClient(new ConnectionErrors()) { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!await IsReady(http))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"the platform ended with {_process.ExitCode} instead of starting; its output:\n{Output}");
            }

            if (watch.Elapsed > s_readyDeadline)
            {
                throw new TimeoutException($"the platform was not ready after {s_readyDeadline.TotalSeconds:0} s; its output:\n{Output}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Stands still, with its connections open, until <see cref="Resume"/>.</summary>
    public Task Pause() => _process.Pause();

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Resume() => _process.Resume();

    /// <summary><c>kill -9</c>.</summary>
    public Task Kill() => _process.Kill();

    /// <summary>Stops it as an operator does (SIGTERM); returns the exit code.</summary>
    public Task<int> Stop() => _process.Terminate(s_stopDeadline);

    /// <summary>Waits for it to end by itself; returns the exit code.</summary>
    public Task<int> WaitForExit(TimeSpan deadline) => _process.WaitForExit(deadline);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> IsReady(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
