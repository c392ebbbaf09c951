using Twins.Simulators.Devices;
using Xunit;

namespace Twins.Simulators.Tests.Behaviours;

/// <summary>Runs beside no other test: it measures the memory of the process.</summary>
[Collection(nameof(BehaviourCostTests))]
[CollectionDefinition(nameof(BehaviourCostTests), DisableParallelization = true)]
public sealed class BehaviourCostTests
{
    [Fact]
    public void Ten_thousand_pumps_are_cheap()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var pumps = Enumerable.Range(1, 2000).Select(serial => Models.Library("pump", serial: serial)).ToArray();
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / pumps.Length;
        var elapsed = TimeSpan.MaxValue;
        for (var round = 1; round <= 60; round++)
        {
            var since = TimeProvider.System.GetTimestamp();
            foreach (var pump in pumps)
            {
                pump.Advance(Models.Start + TimeSpan.FromSeconds(round));
                JsonText.Object(pump, static (writer, it) => it.Write(writer, ReportScope.Measured));
            }

            var took = TimeProvider.System.GetElapsedTime(since) / pumps.Length;
            elapsed = took < elapsed ? took : elapsed;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes} bytes a pump, {elapsed.TotalNanoseconds:N0} ns to advance and write");
        Assert.InRange(bytes, 1, 3072);
        Assert.InRange(elapsed.TotalMicroseconds, 0, 50);
    }
}
