using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Core.Internal;
using Twins.Contracts.Twins;
using Twins.Silo.Hosting;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Twins;

/// <summary>What the order of a device's messages does, and what the device learns about it.</summary>
[Collection("silo")]
public sealed class OrderTests(SiloFixture silo)
{
    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    private DevicesOptions Devices => silo.Services.GetRequiredService<IOptions<TwinsOptions>>().Value.Devices;

    [Fact]
    public async Task Message_without_time_is_shown_as_of_its_arrival()
    {
        var id = silo.NewId();
        var old = Now.AddHours(-1);
        await silo.Twin(id).Apply([Timed("""{"t":1}""", old)]);
        Assert.InRange(await TimeOf(id, "t"), old.AddMilliseconds(-1), old);

        var before = Now;
        await silo.Twin(id).Apply([Messages.Reported("""{"t":2}""")]);
        Assert.InRange(await TimeOf(id, "t"), before.AddMilliseconds(-1), Now);

        // An application's write, too; and what the device says of earlier is still old.
        await silo.Twin(id).Write(Messages.Merge("""{"t":3}""", "reported"));
        Assert.Equal(MessageOutcomeKind.Stale, (await Apply(id, Timed("""{"t":4}""", old.AddSeconds(-1)))).Kind);
        Assert.Equal(3, (int)(await Document(id))["reported"]!["t"]!);
        Assert.Equal(MessageOutcomeKind.Applied, (await Apply(id, Timed("""{"t":5}""", old.AddSeconds(1)))).Kind);
        Assert.InRange(await TimeOf(id, "t"), old, old.AddSeconds(1));
    }

    [Fact]
    public async Task Time_too_far_ahead_is_ordered_by_its_arrival()
    {
        var id = silo.NewId();
        var first = await Apply(id, Timed("""{"a":1}""", Now.AddHours(2)));
        var second = await Apply(id, Timed("""{"a":2}""", Now.AddYears(10)));

        Assert.Equal((MessageOutcomeKind.Applied, "clock-ahead"), (first.Kind, first.Notice?.Code));
        Assert.Contains("00:05:00", first.Notice!.Detail, StringComparison.Ordinal);
        Assert.Equal((MessageOutcomeKind.Applied, null), (second.Kind, second.Notice));
        Assert.InRange(await TimeOf(id, "a"), Now.AddMinutes(-1), Now);

        // The clock is right again.
        Assert.Equal(MessageOutcomeKind.Applied, (await Apply(id, Timed("""{"a":3}""", Now))).Kind);
        Assert.Equal(3, (int)(await Document(id))["reported"]!["a"]!);
    }

    [Fact]
    public async Task Time_within_the_lead_orders_and_is_no_problem()
    {
        var id = silo.NewId();
        var ahead = Now.AddMinutes(4);

        Assert.Null((await Apply(id, Timed("""{"a":1}""", ahead))).Notice);
        Assert.Equal(MessageOutcomeKind.Stale, (await Apply(id, Timed("""{"a":2}""", Now))).Kind);
        Assert.Equal(MessageOutcomeKind.Applied, (await Apply(id, Timed("""{"a":3}""", ahead.AddMilliseconds(1)))).Kind);
    }

    [Fact]
    public async Task Sequence_decides_where_the_time_is_ahead()
    {
        var id = silo.NewId();
        var ahead = Now.AddDays(1);
        var outcome = await Apply(id, Messages.Reported("""{"a":1}""", new MessageOrder(1, 5, ahead)));
        Assert.Equal((MessageOutcomeKind.Applied, "clock-ahead"), (outcome.Kind, outcome.Notice?.Code));

        Assert.Equal(MessageOutcomeKind.Stale, (await Apply(id, Messages.Reported("""{"a":2}""", new MessageOrder(1, 4, ahead)))).Kind);
    }

    [Fact]
    public async Task Stale_message_is_told_once_and_counted()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Counted("""{"a":900}""", 900)]);
        Assert.Equal(0, await Stale(id));

        // The device has started again, with the same epoch.
        var first = await Apply(id, Counted("""{"a":1}""", 1));
        Assert.Equal((MessageOutcomeKind.Stale, "stale"), (first.Kind, first.Notice?.Code));
        Assert.Contains("epoch 7, seq 1", first.Notice!.Detail, StringComparison.Ordinal);
        Assert.Contains("another epoch", first.Notice.Detail, StringComparison.Ordinal);
        Assert.Equal(1, await Stale(id));

        var writes = silo.Storage.WritesOf(id);
        var second = await Apply(id, Counted("""{"a":2}""", 2));
        Assert.Equal((MessageOutcomeKind.Stale, null), (second.Kind, second.Notice));
        Assert.Equal(writes, silo.Storage.WritesOf(id));

        // The count goes along with the next change, and makes no revision of its own.
        await silo.Twin(id).Apply([Counted("""{"a":901}""", 901)]);
        Assert.Equal(2, await Stale(id));
        Assert.Equal(2, (long)(await Document(id))["revision"]!);
    }

    [Fact]
    public async Task Repetition_is_neither_told_nor_counted()
    {
        var id = silo.NewId();
        var message = Counted("""{"a":1,"b":{"c":2}}""", 5);
        await silo.Twin(id).Apply([message]);
        await silo.Twin(id).Apply([Counted("""{"a":2}""", 6)]);

        Assert.Null((await Apply(id, message)).Notice);
        Assert.Null((await Apply(id, Counted("""{"a":2}""", 6))).Notice);
        Assert.Equal("stale", (await Apply(id, Counted("""{"a":3}""", 6))).Notice!.Code);
        Assert.Equal(1, await Stale(id));
    }

    [Fact]
    public async Task Count_of_stale_messages_survives_the_activation()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Counted("""{"a":9}""", 9)]);
        await silo.Twin(id).Apply([Counted("""{"a":1}""", 1), Counted("""{"a":2}""", 2), Counted("""{"a":3}""", 3)]);
        await silo.Twin(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);

        await Eventually.Holds(() => Stale(id), count => count == 3);
    }

    [Fact]
    public async Task Counter_that_wraps_goes_on()
    {
        Devices.SequenceModulus = 256;
        try
        {
            var id = silo.NewId();
            await silo.Twin(id).Apply([Counted("""{"rare":0}""", 250)]);
            for (var n = 251; n <= 800; n++)
            {
                Assert.Equal(MessageOutcomeKind.Applied, (await Apply(id, Counted($$"""{"n":{{n}}}""", (ulong)n % 256))).Kind);
            }

            Assert.Equal(MessageOutcomeKind.Stale, (await Apply(id, Counted("""{"n":0}""", 790 % 256))).Kind);
            Assert.Equal(MessageOutcomeKind.Applied, (await Apply(id, Counted("""{"rare":1}""", 801 % 256))).Kind);

            await silo.Twin(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
            Assert.Equal(MessageOutcomeKind.Stale, (await Apply(id, Counted("""{"n":0}""", 800 % 256))).Kind);
            Assert.Equal("""{"rare":1,"n":800}""", (await Document(id))["reported"]!.ToJsonString());
        }
        finally
        {
            Devices.SequenceModulus = 0;
        }
    }

    private static DeviceMessage Counted(string json, ulong seq) => Messages.Reported(json, new MessageOrder(7, seq, null));

    private static DeviceMessage Timed(string json, DateTimeOffset at) => Messages.Reported(json, new MessageOrder(0, null, at));

    private async Task<MessageOutcome> Apply(string id, DeviceMessage message) => Assert.Single(await silo.Twin(id).Apply([message]));

    private async Task<long> Stale(string id) => (long)(await Document(id))["connection"]!["stale"]!;

    private async Task<DateTimeOffset> TimeOf(string id, string property) =>
        (await Document(id))["metadata"]!["reported"]![property]!["at"]!.GetValue<DateTimeOffset>();

    private async Task<JsonNode> Document(string id) => JsonNode.Parse(Encoding.UTF8.GetString((await silo.Twin(id).Get())!.Document))!;
}
