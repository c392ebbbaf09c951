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

    /// <summary>What it has printed.</summary>
    public string Output => _process.Output;

    /// <summary>Starts a silo and returns at once.</summary>
    public static SiloProcess Launch(TwinsSettings settings) => new(
        ChildProcess.Start("dotnet", [Repository.Program("silo", "Twins.Silo.dll")], settings.ToEnvironment(), Path.GetTempPath()),
        settings);

    /// <summary>Returns when its gateway listens, which it does last.</summary>
    public Task Ready() => Listening.On(Settings.MqttPort, _process, "the silo's gateway");

    /// <summary><c>kill -9</c>.</summary>
    public Task Kill() => _process.Kill();

    /// <summary>Stands still, with its connections open, as a process does that is debugged.</summary>
    public Task Pause() => _process.Pause();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
