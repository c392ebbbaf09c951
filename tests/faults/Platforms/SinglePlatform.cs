namespace Twins.Faults.Tests;

/// <summary>The platform as it comes: one process, with REST, a gateway and the embedded store.</summary>
internal sealed class SinglePlatform : FaultPlatform
{
    private readonly Platform _platform;
    private int _refusedBefore;

    private SinglePlatform(Platform platform) => _platform = platform;

    public override Uri Rest => _platform.Twins.Url;

    public override int GatewayPort => _platform.MqttPort(Link.Gateway);

    public override IEnumerable<(string Name, string Output)> Outputs => [("the platform", _platform.Twins.Output)];

    public override int RefusedWrites => _refusedBefore + RefusedIn(_platform.Twins.Output);

    public static async Task<SinglePlatform> Start() => new(await Platform.Start(Store.Embedded, broker: false));

    public override Part Find(Victim victim) => new("the platform")
    {
        Id = () => _platform.Twins.Id,
        Kill = () => _platform.Twins.Kill(),
        Terminate = () => _platform.Twins.Stop(),
        StartAgain = () =>
        {
            _refusedBefore = RefusedWrites;
            return _platform.StartAgain();
        },
        Pause = () => _platform.Twins.Pause(),
        Resume = () => _platform.Twins.Resume(),
        HasExited = () => _platform.Twins.HasExited,
        Command = "dotnet api/bin/Release/net10.0/Twins.Api.dll",
    };

    public override ValueTask DisposeAsync() => _platform.DisposeAsync();
}
