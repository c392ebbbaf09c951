using Twins.Contracts.Topics;

namespace Twins.Contracts.Tests.Topics;

public sealed class TopicFilterTests
{
    [Theory]
    // MQTT 5.0 section 4.7.1.2.
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("sport/#", "sports", false)]
    [InlineData("#", "sport/tennis", true)]
    [InlineData("#", "/", true)]
    // Section 4.7.1.3.
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player2", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("+/tennis/#", "sport/tennis", true)]
    [InlineData("sport/+/player1", "sport/tennis/player1", true)]
    [InlineData("sport/+/player1", "sport//player1", true)]
    // Section 4.7.2.
    [InlineData("#", "$SYS/monitor", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/monitor", true)]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true)]
    [InlineData("a/#", "a/$b", true)]
    // Section 4.7.3: case, leading and trailing slashes count.
    [InlineData("ACCOUNTS", "Accounts", false)]
    [InlineData("finance", "/finance", false)]
    [InlineData("a/b", "a/b/", false)]
    [InlineData("a/b/", "a/b", false)]
    [InlineData("a", "a", true)]
    [InlineData("a/b/c", "a/b", false)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/+/#", "a", false)]
    [InlineData("a/+/#", "a/b", true)]
    // Section 4.8.2.
    [InlineData("$share/consumer1/sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("$share/consumer2/sport/tennis/+", "sport/rugby", false)]
    [InlineData("$share/consumer1//finance", "/finance", true)]
    [InlineData("$share/g/#", "$SYS/monitor", false)]
    [InlineData("$share/g/#", "a", true)]
    [InlineData("twins/+/reported/#", "twins/pump-1/reported", true)]
    [InlineData("twins/+/events/#", "twins/pump-1/events/changed", true)]
    [InlineData("twins/+/commands/+/response", "twins/pump-1/commands/reboot/01", false)]
    public void Matches(string filter, string topic, bool matches)
    {
        Assert.True(TopicFilter.IsValid(filter));
        Assert.Equal(matches, TopicFilter.Matches(topic, filter));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sport/tennis#")]
    [InlineData("sport/tennis/#/ranking")]
    [InlineData("sport+")]
    [InlineData("a/+b/c")]
    [InlineData("##")]
    [InlineData("#/")]
    [InlineData("a\0b")]
    [InlineData("$share/")]
    [InlineData("$share/g")]
    [InlineData("$share/g/")]
    [InlineData("$share//a")]
    [InlineData("$share/+/a")]
    [InlineData("$share/g#/a")]
    [InlineData("$share/g/a#")]
    public void Refuses_filters(string filter) => Assert.False(TopicFilter.IsValid(filter));

    [Fact]
    public void Filters_have_at_most_65535_bytes()
    {
        Assert.True(TopicFilter.IsValid(new string('a', 65_535)));
        Assert.False(TopicFilter.IsValid(new string('a', 65_536)));
        Assert.False(TopicFilter.IsValid(new string('é', 32_768)));
    }
}
