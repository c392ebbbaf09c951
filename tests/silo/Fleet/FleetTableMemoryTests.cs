using System.Text;
using Twins.Contracts.Json;
using Twins.Silo.Fleet.Index;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

/// <summary>What twins take in memory. Nothing else may run meanwhile, because it would be counted as well.</summary>
[Collection(nameof(FleetTableMemoryTests))]
[CollectionDefinition(nameof(FleetTableMemoryTests), DisableParallelization = true)]
public sealed class FleetTableMemoryTests
{
    private const int Twins = 30_000;

    private static readonly DateTimeOffset Now = new(2026, 1, 2, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_twin_takes_about_as_much_as_its_document()
    {
        var table = new FleetTable(TimeProvider.System);
        for (var i = 0; i < 300; i++)
        {
            table.Put(Pump(i));
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        table = new FleetTable(TimeProvider.System);
        for (var i = 0; i < Twins; i++)
        {
            table.Put(Pump(i));
        }

        var perTwin = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Twins;
        Assert.Equal(Twins, table.Count);
        Assert.InRange(perTwin, 100, 340);

        // What the table says of itself is near to that.
        Assert.InRange(table.Bytes / (double)Twins, perTwin * 0.8, perTwin * 1.2);
    }

    [Fact]
    public void A_change_leaves_no_garbage_to_speak_of()
    {
        var table = new FleetTable(TimeProvider.System);
        var twins = Enumerable.Range(0, 500).Select(Pump).ToArray();
        foreach (var round in Enumerable.Range(1, 20))
        {
            PutAll(table, twins, round);
        }

        var changed = Enumerable.Range(0, 500).Select(static i => Pump(i + 7) with { Id = Pump(i).Id, Revision = 100 }).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var twin in changed)
        {
            Assert.True(table.Put(twin));
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 500.0, 0, 100);
    }

    private static void PutAll(FleetTable table, IndexedTwin[] twins, long revision)
    {
        foreach (var twin in twins)
        {
            table.Put(twin with { Revision = revision });
        }
    }

    // Some 300 bytes, of which most was written just now, and some when the pump was set up.
    private static IndexedTwin Pump(int i)
    {
        var (reported, stamps) = Written(
            ($$"""{"firmware":"1.{{i % 12}}.3","serial":"SN-{{i:D7}}"}""", Now.AddDays(-100 - (i % 60))),
            ($$"""{"temp":{{i % 1000 / 10.0}},"humidity":{{i % 100}},"motor":{"rpm":{{i % 3000}},"hours":{{i * 7 % 10_000 / 10.0}}},"on":{{(i % 3 == 0 ? "true" : "false")}},"pressure":{{i % 10_000 / 1000.0}},"setpoint":{{20 + (i % 5)}}}""", Now.AddSeconds(-i % 600)));
        var (desired, desiredStamps) = Written(($$"""{"setpoint":{{20 + (i % 6)}},"mode":"{{(i % 2 == 0 ? "auto" : "eco")}}"}""", Now.AddDays(-i % 30)));
        return new IndexedTwin
        {
            Id = $"acme:pump-{i:D6}",
            Revision = 1 + (i % 1000),
            Exists = true,
            Tags = Encoding.UTF8.GetBytes($$"""{"site":"site-{{i % 50}}","building":"b{{i % 7}}","kind":"pump"}"""),
            Desired = desired,
            DesiredStamps = desiredStamps,
            Reported = reported,
            ReportedStamps = stamps,
            Online = i % 4 != 0,
            Since = Now.AddMinutes(-i % 10_000).ToUnixTimeMilliseconds(),
            LastSeen = Now.AddSeconds(-i % 600).ToUnixTimeMilliseconds(),
            Link = "gateway",
            Dialect = "native",
            CreatedAt = Now.AddDays(-100 - (i % 60)).ToUnixTimeMilliseconds(),
            ModifiedAt = Now.AddSeconds(-i % 600).ToUnixTimeMilliseconds(),
        };
    }

    private static (byte[] Section, byte[] Stamps) Written(params (string Patch, DateTimeOffset At)[] patches)
    {
        var (section, stamps) = ("{}"u8.ToArray(), "{}"u8.ToArray());
        foreach (var (patch, at) in patches)
        {
            var accepted = Stamps.Accept(stamps, Encoding.UTF8.GetBytes(patch), Stamp.Arrival(at));
            (section, stamps) = (MergePatch.Apply(section, accepted.Patch), accepted.Stamps);
        }

        return (section, stamps);
    }
}
