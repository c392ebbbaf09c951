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
}
