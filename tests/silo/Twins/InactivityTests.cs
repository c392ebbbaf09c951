using System.Text;
using System.Text.Json.Nodes;
using Twins.Silo.Tests.Harness;
using Twins.Silo.Twins;
using Xunit;

namespace Twins.Silo.Tests.Twins;

[Collection("silo")]
public sealed class InactivityTests(SiloFixture silo)
{
    private static readonly DateTimeOffset Seen = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("{}", 0, null)]
    [InlineData("{}", 60, 60.0)]
    [InlineData("{\"inactivityTimeout\":5}", 60, 5.0)]
    [InlineData("{\"inactivityTimeout\":0.5}", 0, 0.5)]
    [InlineData("{\"inactivityTimeout\":0}", 60, null)]
    [InlineData("{\"inactivityTimeout\":-1}", 60, 60.0)]
    [InlineData("{\"inactivityTimeout\":1e99}", 60, 60.0)]
    [InlineData("{\"inactivityTimeout\":\"5\"}", 60, 60.0)]
    [InlineData("{\"inactivityTimeout\":[5]}", 60, 60.0)]
    [InlineData("{\"inactivityTimeout\":{\"a\":5}}", 60, 60.0)]
    [InlineData("{\"inactivityTimeout\":true}", 60, 60.0)]
    [InlineData("{\"other\":5}", 60, 60.0)]
    public void Tag_comes_before_the_setting(string tags, int setting, double? seconds) =>
        Assert.Equal(seconds, Inactivity.TimeoutOf(Twin(tags), TimeSpan.FromSeconds(setting))?.TotalSeconds);

    [Fact]
    public void Timeout_counts_from_when_an_online_device_was_seen()
    {
        var (twin, timeout) = (Twin("{}"), TimeSpan.FromMinutes(1));

        Assert.False(Inactivity.IsOver(twin, timeout, Seen + timeout));
        Assert.True(Inactivity.IsOver(twin, timeout, Seen + timeout + TimeSpan.FromTicks(1)));
        Assert.False(Inactivity.IsOver(twin, TimeSpan.Zero, Seen.AddYears(1)));
        Assert.False(Inactivity.IsOver(twin with { Connection = twin.Connection with { Online = false } }, timeout, Seen.AddYears(1)));
        Assert.False(Inactivity.IsOver(twin with { Connection = twin.Connection with { Address = new("gateway", "S127.0.0.1:1:2") } }, timeout, Seen.AddYears(1)));
    }

    [Fact]
    public async Task Inactive_device_becomes_offline_and_online_with_its_next_message()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("""{"a":1}""")]);
        await silo.Twin(id).Write(Messages.Merge("""{"inactivityTimeout":0.05}""", "tags"));

        var offline = await Eventually.Holds(() => Document(id), twin => (string?)twin["connection"]!["status"] == "offline");
        Assert.Equal(3, (long)offline["revision"]!);

        await silo.Twin(id).Write(Messages.Merge("""{"inactivityTimeout":0}""", "tags"));
        await silo.Twin(id).Apply([Messages.Reported("""{"a":1}""")]);
        Assert.Equal("online", (string?)(await Document(id))["connection"]!["status"]);
    }

    [Fact]
    public async Task Sweep_finds_an_inactive_device_that_nobody_reads()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("""{"a":1}""")]);
        await silo.Twin(id).Write(Messages.Merge("""{"inactivityTimeout":0.05}""", "tags"));

        // To become offline is a change, and so a write; it is shown when it is durable.
        var writes = silo.Storage.WritesOf(id);
        await Eventually.Holds(() => Task.FromResult(silo.Storage.WritesOf(id)), count => count > writes);
        await Eventually.Holds(() => Document(id), twin => (string?)twin["connection"]!["status"] == "offline");
    }

    private static TwinState Twin(string tags) => new()
    {
        Exists = true,
        Tags = Encoding.UTF8.GetBytes(tags),
        Connection = new TwinConnection { Online = true, Since = Seen, LastSeen = Seen, Address = Messages.Somewhere.Address, Dialect = "native" },
    };

    private async Task<JsonNode> Document(string id) => JsonNode.Parse(Encoding.UTF8.GetString((await silo.Twin(id).Get())!.Document))!;
}
