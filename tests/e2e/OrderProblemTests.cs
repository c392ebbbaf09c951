using System.Globalization;
using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>A device learns that its clock or its count is wrong; its messages are taken all the same.</summary>
public sealed class OrderProblemTests(Platforms platforms) : PlatformTest(platforms)
{
    [Theory]
    [MemberData(nameof(Matrix.LinksAndVersions), MemberType = typeof(Matrix))]
    public async Task Device_that_starts_again_in_the_same_epoch_is_told(Link link, int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("stale");
        var device = await ConnectDevice(platform, link, id, version);
        await device.Subscribe($"twins/{id}/errors");
        await device.Publish($"twins/{id}/reported", """{"a":900,"$epoch":1,"$seq":900}""");
        await device.Publish($"twins/{id}/reported", """{"a":900,"$epoch":1,"$seq":900}""");

        for (var seq = 1; seq <= 5; seq++)
        {
            await device.Publish($"twins/{id}/reported", $$"""{"a":{{seq}},"$epoch":1,"$seq":{{seq}}}""");
        }

        var problem = (await device.Receive($"twins/{id}/errors")).Json;
        Assert.Equal(("stale", $"twins/{id}/reported"), ((string?)problem["code"], (string?)problem["topic"]));
        Assert.Contains("epoch 1, seq 1", (string?)problem["detail"], StringComparison.Ordinal);

        await device.Publish($"twins/{id}/reported", """{"a":1,"$epoch":2,"$seq":1}""");
        await Eventually.Passes(async () => Assert.Equal((1, 5), await ReportedAndStale(platform, id)));
        await Eventually.Passes(async () => Assert.Equal(1, await platform.Rest.Count($"and(eq(id,\"{id}\"),gt(connection/stale,4))")));
        Assert.Empty(await platform.Rest.DeadLetters(letter => (string?)letter["twinId"] == id));
        Assert.Equal(1, device.Inbox.All.Count(message => message.Topic == $"twins/{id}/errors"));
    }

    [Theory]
    [MemberData(nameof(Matrix.LinksAndVersions), MemberType = typeof(Matrix))]
    public async Task Device_whose_clock_is_ahead_is_told_and_not_frozen(Link link, int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("ahead");
        var device = await ConnectDevice(platform, link, id, version);
        await device.Subscribe($"twins/{id}/errors");

        await device.Publish($"twins/{id}/reported", $$"""{"a":1,"$ts":"{{At(TimeSpan.FromHours(2))}}"}""");
        await device.Publish($"twins/{id}/reported", $$"""{"a":2,"$ts":"{{At(TimeSpan.FromHours(2))}}"}""");
        Assert.Equal("clock-ahead", (string?)(await device.Receive($"twins/{id}/errors")).Json["code"]);

        await device.Publish($"twins/{id}/reported", $$"""{"a":3,"$ts":"{{At(TimeSpan.Zero)}}"}""");
        await Eventually.Passes(async () => Assert.Equal((3, 0), await ReportedAndStale(platform, id)));
        Assert.Empty(await platform.Rest.DeadLetters(letter => (string?)letter["twinId"] == id));
    }

    [Theory]
    [InlineData("1795932497", "seconds?")]
    [InlineData("1795932497.06", "seconds?")]
    [InlineData("\"2026-11-29T06:08:17\"", "time zone")]
    [InlineData("\"Sun, 29 Nov 2026 06:08:17 GMT\"", "RFC 3339")]
    public async Task Time_that_is_none_is_told_with_what_is_right(string ts, string hint)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("time");
        var device = await ConnectDevice(platform, Link.Gateway, id);
        await device.Subscribe($"twins/{id}/errors");

        await device.Publish($"twins/{id}/reported", $$"""{"a":1,"$ts":{{ts}}}""");

        var problem = (await device.Receive($"twins/{id}/errors")).Json;
        Assert.Equal("order-invalid", (string?)problem["code"]);
        Assert.Contains(hint, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await platform.Rest.Get($"/twins/{id}")).Status);
    }

    [Fact]
    public async Task Report_without_time_after_one_with_time_is_not_stale()
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("untimed");
        var device = await ConnectDevice(platform, Link.Gateway, id);
        await device.Publish($"twins/{id}/reported", $$"""{"t":1,"$ts":"{{At(TimeSpan.FromHours(-2))}}"}""");
        var stale = $"and(eq(id,\"{id}\"),stale(reported/t,\"10m\"))";
        await Eventually.Passes(async () => Assert.Equal(1, await platform.Rest.Count(stale)));

        await device.Publish($"twins/{id}/reported", """{"t":2}""");

        await Eventually.Passes(async () => Assert.Equal(0, await platform.Rest.Count(stale)));
    }

    private static string At(TimeSpan fromNow) => DateTimeOffset.UtcNow.Add(fromNow).ToString("yyyy-MM-dd HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    private static async Task<(int Reported, long Stale)> ReportedAndStale(Platform platform, string id)
    {
        var twin = await platform.Rest.Twin(id);
        return ((int)twin["reported"]!["a"]!, (long)twin["connection"]!["stale"]!);
    }
}
