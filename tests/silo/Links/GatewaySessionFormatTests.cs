using System.Text;
using Twins.Silo.Links.Gateway;
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

    /// <summary>What format 1 looks like for ever: later versions must still read this file.</summary>
    [Fact]
    public void Format_1_is_pinned()
    {
        var pinned = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Snapshots", "gateway-session.1.json")).TrimEnd();

        Assert.Equal(pinned, Encoding.UTF8.GetString(GatewaySessionFormat.Write(Full).Span));
        var read = GatewaySessionFormat.Read(Encoding.UTF8.GetBytes(pinned));
        Assert.Equal(Full.Subscriptions, read.Subscriptions);
        Assert.Equal((Full.ExpirySeconds, Full.At), (read.ExpirySeconds, read.At));
    }

    [Fact]
    public void What_a_later_version_adds_is_passed_over()
    {
        var read = GatewaySessionFormat.Read("""{"format":1,"new":{"a":[1]},"expiry":5,"at":"2026-01-02T03:04:05Z","subscriptions":{"a":1}}"""u8.ToArray());

        Assert.Equal([new SessionSubscription("a", 1)], read.Subscriptions);
    }

    [Fact]
    public void A_format_of_a_later_version_is_refused() =>
        Assert.Throws<FormatException>(() => GatewaySessionFormat.Read("""{"format":2}"""u8.ToArray()));
}
