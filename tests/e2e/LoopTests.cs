using System.Net;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>The loop that everything is for: reported up, desired down, and the delta that closes when they agree.</summary>
public sealed class LoopTests(Platforms platforms) : PlatformTest(platforms)
{
    [Theory]
    [MemberData(nameof(Matrix.StoresLinksAndVersions), MemberType = typeof(Matrix))]
    public async Task What_a_device_reports_can_be_read(Store store, Link link, int version)
    {
        var platform = await On(store);
        var id = NewTwinId("reports");
        var device = await ConnectDevice(platform, link, id, version);

        await device.Publish($"twins/{id}/reported", """{"setpoint":35,"motor":{"rpm":1450}}""");
        await Reads(platform, link, id, """{"setpoint":35,"motor":{"rpm":1450}}""");

        await device.Publish($"twins/{id}/reported", """{"setpoint":null,"motor":{"hot":true}}""");
        await Reads(platform, link, id, """{"motor":{"rpm":1450,"hot":true}}""");

        var twin = await platform.Rest.Twin(id);
        Assert.Equal(id, (string?)twin["id"]);
        Assert.True((long)twin["revision"]! >= 2);
        Assert.Equal(link == Link.Gateway ? "gateway" : "broker", (string?)twin["connection"]!["link"]);
        Assert.Equal("native", (string?)twin["connection"]!["dialect"]);
        Assert.NotNull(twin["metadata"]!["reported"]!["motor"]!["rpm"]!["at"]);
    }

    [Theory]
    [MemberData(nameof(Matrix.StoresLinksAndVersions), MemberType = typeof(Matrix))]
    public async Task A_device_is_told_what_is_desired_until_it_reports_it(Store store, Link link, int version)
    {
        var platform = await On(store);
        var id = NewTwinId("loop");
        var device = await ConnectListeningDevice(platform, link, id, version);
        await device.Publish($"twins/{id}/reported", """{"setpoint":35,"mode":"auto"}""");
        await Reads(platform, link, id, """{"setpoint":35,"mode":"auto"}""");

        (await platform.Rest.Patch($"/twins/{id}/desired", """{"setpoint":40,"mode":"auto"}""")).Expect(HttpStatusCode.OK);
        var delta = await ReceiveDelta(device, id, "setpoint");
        var revision = (long)delta["$revision"]!;
        Json.AssertEqual($$"""{"setpoint":40,"$revision":{{revision}}}""", delta);

        await device.Publish($"twins/{id}/reported", """{"setpoint":40}""");
        await Reads(platform, link, id, """{"setpoint":40,"mode":"auto"}""");
        var twin = await platform.Rest.Twin(id);
        Json.AssertEqual("""{"setpoint":40,"mode":"auto"}""", twin["desired"]);
        Assert.True((long)twin["revision"]! > revision);

        // What agrees is no longer in the delta of a later change.
        (await platform.Rest.Patch($"/twins/{id}/desired", """{"mode":"manual"}""")).Expect(HttpStatusCode.OK);
        delta = await ReceiveDelta(device, id, "mode");
        Json.AssertEqual($$"""{"mode":"manual","$revision":{{delta["$revision"]}}}""", delta);
    }

    [Theory]
    [MemberData(nameof(Matrix.LinksAndVersions), MemberType = typeof(Matrix))]
    public async Task Refused_desired_value_is_not_sent_again(Link link, int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("refuses");
        var device = await ConnectListeningDevice(platform, link, id, version);
        (await platform.Rest.Patch($"/twins/{id}/desired", """{"lock":"open","setpoint":40}""")).Expect(HttpStatusCode.OK);
        var delta = await ReceiveDelta(device, id, "lock");

        await device.Publish($"twins/{id}/desired/rejected", $$"""{"lock":"closed by hand","$revision":{{delta["$revision"]}}}""");

        await Eventually.Passes(async () => Assert.Equal(
            "closed by hand", (string?)(await platform.Rest.Twin(id))["metadata"]!["desired"]!["lock"]?["rejected"]?["reason"]));
        // The broker retains the delta without it, and the gateway sends it so to a device that connects.
        var other = await ConnectDevice(platform, link, $"{id}-reader", version);
        await other.Subscribe($"twins/{id}/desired");
        delta = await ReceiveDelta(other, id, "setpoint");
        Assert.False(delta.AsObject().ContainsKey("lock"));

        // An application that writes the same value again asks again.
        (await platform.Rest.Patch($"/twins/{id}/desired", """{"lock":"open"}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("open", (string?)(await ReceiveDelta(other, id, "lock"))["lock"]);
        Assert.Null((await platform.Rest.Twin(id))["metadata"]!["desired"]!["lock"]!["rejected"]);
    }

    [Theory]
    [MemberData(nameof(Matrix.StoresAndLinks), MemberType = typeof(Matrix))]
    public async Task Many_changes_end_with_the_last_one_on_both_sides(Store store, Link link)
    {
        const int Changes = 50;
        var platform = await On(store);
        var id = NewTwinId("many");
        var device = await ConnectListeningDevice(platform, link, id);

        for (var i = 1; i <= Changes; i++)
        {
            (await platform.Rest.Put($"/twins/{id}/desired/count", $"{i}")).Expect(HttpStatusCode.OK);
        }

        await device.Receive(message => message.Topic == $"twins/{id}/desired" && (int?)message.Json["count"] == Changes, "the last delta");
        var revisions = device.Inbox.All.Where(message => message.Topic == $"twins/{id}/desired")
            .Select(message => (long)message.Json["$revision"]!).ToArray();
        Assert.Equal(revisions.Order(), revisions);
    }

    private static async Task<JsonNode> ReceiveDelta(PahoClient device, string id, string property) =>
        (await device.Receive(message => message.Topic == $"twins/{id}/desired" && message.Json[property] is not null, $"a delta with {property}")).Json;

    /// <summary>
    /// On the gateway the acknowledgement is the platform's own, and what it acknowledged can be read at once; behind
    /// a broker it is the broker's, and the platform comes after.
    /// </summary>
    private static async Task Reads(Platform platform, Link link, string id, string expected)
    {
        if (link == Link.Gateway)
        {
            Json.AssertEqual(expected, await platform.Rest.Reported(id));
        }
        else
        {
            await Eventually.Passes(async () => Json.AssertEqual(expected, await platform.Rest.Reported(id)));
        }
    }
}
