namespace Twins.Faults.Tests;

/// <summary>Faults of the one process that the platform is by default, on the embedded store.</summary>
public sealed class SingleFaultTests : FaultTest
{
    [Fact]
    public async Task Kills_of_the_process_lose_nothing()
    {
        await using var platform = await SinglePlatform.Start();
        await Inflict(platform, FaultCatalog.Of("single-kill"), FaultCatalog.Of("single-kill"));
    }
}
