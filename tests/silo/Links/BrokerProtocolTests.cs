using Microsoft.Extensions.Time.Testing;
using MQTTnet.Formatter;
using Twins.Silo.Links.Broker;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class BrokerProtocolTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Auto_tries_mqtt_5_again_after_an_hour()
    {
        var protocol = new BrokerProtocol("auto", _time);
        Assert.Equal(MqttProtocolVersion.V500, protocol.Version);
        Assert.Equal(BrokerProtocolStep.FallBack, protocol.Refused(BrokerRefusalKind.ProtocolVersion));
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(MqttProtocolVersion.V311, protocol.Version);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(MqttProtocolVersion.V500, protocol.Version);
    }

    [Fact]
    public void Auto_needs_two_closed_connections_in_a_row()
    {
        var protocol = new BrokerProtocol("Auto", _time);
        Assert.Equal(BrokerProtocolStep.TryAgain, protocol.Refused(BrokerRefusalKind.ClosedAtConnect));
        protocol.Accepted();
        Assert.Equal(BrokerProtocolStep.TryAgain, protocol.Refused(BrokerRefusalKind.ClosedAtConnect));
        Assert.Equal(BrokerProtocolStep.FallBack, protocol.Refused(BrokerRefusalKind.ClosedAtConnect));
    }

    [Fact]
    public void Auto_returns_to_mqtt_5_when_3_1_1_fails_as_well()
    {
        var protocol = new BrokerProtocol("Auto", _time);
        protocol.Refused(BrokerRefusalKind.ProtocolVersion);
        Assert.Equal(BrokerProtocolStep.Keep, protocol.Refused(BrokerRefusalKind.ProtocolVersion));
        Assert.Equal(MqttProtocolVersion.V500, protocol.Version);
    }

    [Theory]
    [InlineData("5", MqttProtocolVersion.V500)]
    [InlineData("3.1.1", MqttProtocolVersion.V311)]
    public void Fixed_version_stays(string setting, MqttProtocolVersion version)
    {
        var protocol = new BrokerProtocol(setting, _time);
        Assert.Equal(BrokerProtocolStep.Keep, protocol.Refused(BrokerRefusalKind.ProtocolVersion));
        Assert.Equal(version, protocol.Version);
    }

    [Fact]
    public void Other_refusals_do_not_change_the_version()
    {
        var protocol = new BrokerProtocol("Auto", _time);
        Assert.Equal(BrokerProtocolStep.Keep, protocol.Refused(BrokerRefusalKind.Credentials));
        Assert.Equal(BrokerProtocolStep.Keep, protocol.Refused(BrokerRefusalKind.NoAnswer));
        Assert.Equal(MqttProtocolVersion.V500, protocol.Version);
    }
}
