using Twins.Silo.Links.Gateway;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class SessionExpiryTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 300)]
    [InlineData(1200, 300)]
    [InlineData(3600, 900)]
    [InlineData(86_400, 3600)]
    public void It_is_noted_that_a_session_is_in_use_every_quarter_of_its_time(uint expiry, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), SessionExpiry.NoteEvery(expiry));

    [Fact]
    public void Where_the_end_of_the_connection_is_known_a_session_is_over_to_the_second()
    {
        Assert.False(SessionExpiry.IsOver(60, At, At.AddSeconds(60)));
        Assert.True(SessionExpiry.IsOver(60, At, At.AddSeconds(61)));
    }

    [Fact]
    public void Where_it_is_not_a_session_lasts_a_note_longer_and_the_store_keeps_it_beyond()
    {
        var stored = new GatewaySessionState { ExpirySeconds = 3600, At = At };
        Assert.False(SessionExpiry.IsOver(stored, At.AddSeconds(3600 + 900)));
        Assert.True(SessionExpiry.IsOver(stored, At.AddSeconds(3600 + 901)));
        Assert.Equal(TimeSpan.FromSeconds(3600 + 1800), SessionExpiry.InStore(3600));
    }

    [Theory]
    [InlineData(60u, 60u)]
    [InlineData(86_401u, 86_400u)]
    [InlineData(uint.MaxValue, 86_400u)]
    public void A_day_is_the_longest(uint asked, uint granted) => Assert.Equal(granted, SessionExpiry.Granted(asked));
}
