using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>A twin never goes backwards.</summary>
public sealed class OrderTests(Platforms platforms) : PlatformTest(platforms)
{
    [Theory]
    [MemberData(nameof(Matrix.LinksAndVersions), MemberType = typeof(Matrix))]
    public async Task A_late_lower_sequence_overwrites_nothing(Link link, int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("seq");
        var device = await ConnectDevice(platform, link, id, version);

        await device.Publish($"twins/{id}/reported", """{"a":10,"$seq":10}""");
        await device.Publish($"twins/{id}/reported", """{"a":9,"b":9,"$seq":9}""");
        await device.Publish($"twins/{id}/reported", """{"a":100,"$seq":10}""");
        await device.Publish($"twins/{id}/reported", """{"c":11,"$seq":11}""");

        // b was never seen before: the late message still brings it. The members that order are not properties.
        await Eventually.Passes(async () => Json.AssertEqual("""{"a":10,"b":9,"c":11}""", await platform.Rest.Reported(id)));
    }

    [Theory]
    [MemberData(nameof(Matrix.LinksAndVersions), MemberType = typeof(Matrix))]
    public async Task A_new_epoch_starts_the_count_again(Link link, int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("epoch");
        var device = await ConnectDevice(platform, link, id, version);

        await device.Publish($"twins/{id}/reported", """{"a":1,"$epoch":1,"$seq":500}""");
        await device.Publish($"twins/{id}/reported", """{"a":2,"$epoch":2,"$seq":1}""");
        await device.Publish($"twins/{id}/reported", """{"a":3,"$epoch":1,"$seq":501}""");
        await device.Publish($"twins/{id}/reported", """{"end":true,"$epoch":2,"$seq":2}""");

        await Eventually.Passes(async () => Json.AssertEqual("""{"a":2,"end":true}""", await platform.Rest.Reported(id)));
    }

    [Theory]
    [MemberData(nameof(Matrix.LinksAndVersions), MemberType = typeof(Matrix))]
    public async Task An_older_timestamp_overwrites_nothing(Link link, int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("ts");
        var device = await ConnectDevice(platform, link, id, version);

        await device.Publish($"twins/{id}/reported", """{"a":1,"$ts":"2026-01-02T03:04:05Z"}""");
        await device.Publish($"twins/{id}/reported", """{"a":2,"$ts":"2026-01-02T03:04:04.999Z"}""");
        await device.Publish($"twins/{id}/reported", """{"a":3,"$ts":1767323044000}""");
        await device.Publish($"twins/{id}/reported", """{"end":1,"$ts":1767323046000}""");

        await Eventually.Passes(async () => Json.AssertEqual("""{"a":1,"end":1}""", await platform.Rest.Reported(id)));
    }

    [Theory]
    [InlineData(Link.Gateway)]
    [InlineData(Link.Broker)]
    public async Task User_properties_order_like_members(Link link)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("user");
        var device = await ConnectDevice(platform, link, id);
        var topic = $"twins/{id}/reported";

        await device.Publish(new Publish(topic, """{"a":1}""").With("epoch", "1").With("seq", "5"));
        await device.Publish(new Publish(topic, """{"a":2}""").With("epoch", "1").With("seq", "4"));
        await device.Publish(new Publish($"{topic}/a", "3").With("epoch", "1").With("seq", "3"));
        await device.Publish(new Publish(topic, """{"b":1}""").With("ts", "2026-01-02T03:04:05Z"));
        await device.Publish(new Publish(topic, """{"b":2}""").With("ts", "1767323044000"));
        await device.Publish(new Publish(topic, """{"end":1}""").With("epoch", "1").With("seq", "6"));

        await Eventually.Passes(async () => Json.AssertEqual("""{"a":1,"b":1,"end":1}""", await platform.Rest.Reported(id)));
    }

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task A_duplicate_changes_nothing(Store store)
    {
        var platform = await On(store);
        var id = NewTwinId("duplicate");
        var device = await ConnectDevice(platform, Link.Gateway, id);
        var message = new Publish($"twins/{id}/reported", """{"a":1,"$seq":1}""");

        await device.Publish(message);
        var before = (long)(await platform.Rest.Twin(id))["revision"]!;
        await device.Publish(message);

        Assert.Equal(before, (long)(await platform.Rest.Twin(id))["revision"]!);
    }
}
