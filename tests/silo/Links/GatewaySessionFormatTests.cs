using System.Text;
using Twins.Silo.Links.Gateway;
using Twins.Silo.Storage;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class GatewaySessionFormatTests
{
    private static readonly GatewaySessionState Full = new()
    {
        ExpirySeconds = 3600,
        At = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        Subscriptions =
        [
            new("twins/pump-1/desired", 1),
            new("twins/pump-1/commands/+/+", 1),
            new("twins/+/events/#", 0),
            new("a \"quoted\"/é", 2),
        ],
    };

    [Fact]
    public void Format_2_is_pinned() =>
        Assert.Equal(Snapshot("gateway-session.2.json"), Encoding.UTF8.GetString(GatewaySessionFormat.Write(Full).Span));

    /// <summary>Old formats are read for ever.</summary>
    [Theory]
    [InlineData("gateway-session.1.json")]
    [InlineData("gateway-session.2.json")]
    public void Stored_session_is_read_in_full(string stored)
    {
        var read = GatewaySessionFormat.Read(Encoding.UTF8.GetBytes(Snapshot(stored)));

        Assert.Equal(Full.Subscriptions, read.Subscriptions);
        Assert.Equal((Full.ExpirySeconds, Full.At), (read.ExpirySeconds, read.At));
    }

    [Fact]
    public void Unknown_members_are_passed_over()
    {
        var read = GatewaySessionFormat.Read("""{"format":2,"new":{"a":[1]},"expiry":5,"at":"2026-01-02T03:04:05Z","subscriptions":{"a":1}}"""u8.ToArray());

        Assert.Equal([new SessionSubscription("a", 1)], read.Subscriptions);
    }

    [Fact]
    public void Newer_format_is_refused() =>
        Assert.Throws<FormatException>(() => GatewaySessionFormat.Read(Encoding.UTF8.GetBytes($$"""{"format":{{StoredFormat.Readable + 1}}}""")));

    private static string Snapshot(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Snapshots", name)).TrimEnd();
}
