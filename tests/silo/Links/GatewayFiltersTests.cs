using CsCheck;
using Twins.Contracts.Topics;
using Twins.Silo.Links.Gateway;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class GatewayFiltersTests
{
    [Theory]
    [InlineData("twins/pump-1/desired", "pump-1")]
    [InlineData("twins/acme:pump-1/commands/+/+", "acme:pump-1")]
    [InlineData("twins/pump-1/commands/#", "pump-1")]
    [InlineData("twins/pump-1/errors", "pump-1")]
    [InlineData("twins/pump-1/document", "pump-1")]
    [InlineData("twins/pump-1/#", null)]
    [InlineData("twins/+/desired", null)]
    [InlineData("twins/pump-1/events/#", null)]
    [InlineData("twins/pu mp/desired", null)]
    [InlineData("#", null)]
    public void Only_a_device_asks_for_what_only_devices_are_told(string filter, string? device) =>
        Assert.Equal(device, GatewayFilters.DeviceOf(filter));

    [Theory]
    [InlineData("#", true)]
    [InlineData("twins/#", true)]
    [InlineData("twins/+/events/#", true)]
    [InlineData("twins/pump-1/#", true)]
    [InlineData("twins/pump-1/events/changed", true)]
    [InlineData("+/+/+/+", true)]
    [InlineData("twins/+/events/+", true)]
    [InlineData("twins/pump-1/desired", false)]
    [InlineData("twins/+/commands/+/+", false)]
    [InlineData("other/#", false)]
    public void Filters_that_can_match_events_are_known(string filter, bool wants) =>
        Assert.Equal(wants, GatewayFilters.WantsEvents(filter));

    [Fact]
    public void Filters_that_carry_nothing_of_the_platform_are_known()
    {
        string[] sent =
        [
            .. new[] { "pump-1", "acme:x" }.SelectMany(id => new[]
            {
                NativeTopics.Desired(id), NativeTopics.CommandRequest(id, "reboot", "c1"), NativeTopics.Errors(id), NativeTopics.Document(id),
                NativeTopics.Event(id, "changed"), NativeTopics.Replies(id) + "a", NativeTopics.Replies(id) + "a/b",
            }),
        ];
        string[] levels = ["twins", "pump-1", "other", "desired", "commands", "reboot", "c1", "response", "events", "changed", "replies", "+", "#"];
        var filters = Gen.Int[0, levels.Length - 1].Select(level => levels[level]).Array[1, 6].Select(parts => string.Join('/', parts)).Where(filter => TopicFilter.IsValid(filter));
        // A fixed name may be that of a twin, a command or an event that is not in the list: only the shape counts.
        filters.Sample(filter => Assert.True(GatewayFilters.IsOfPlatform(filter) || !sent.Any(topic => TopicFilter.Matches(topic, filter)), filter), iter: 20_000);
    }

    [Theory]
    [InlineData("devices/#")]
    [InlineData("+")]
    [InlineData("twins/pump-1")]
    [InlineData("twins/pump-1/reported")]
    [InlineData("twins/pump-1/reported/#")]
    [InlineData("twins/pump-1/desired/rejected")]
    [InlineData("twins/pump-1/commands/+")]
    [InlineData("twins/pump-1/commands/+/response")]
    [InlineData("Twins/pump-1/desired")]
    [InlineData("/twins/pump-1/desired")]
    [InlineData("$aws/things/pump-1/shadow/update/delta")]
    public void Filter_carries_nothing_of_the_platform(string filter) => Assert.False(GatewayFilters.IsOfPlatform(filter));
}
