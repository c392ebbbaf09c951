using System.Net;
using System.Net.Sockets;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Twins.Contracts.Events;
using Twins.Contracts.Links;
using Twins.Silo.Hosting;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Links;

/// <summary>A broker link obeys what its broker announces, and says why a broker refuses.</summary>
[Collection("silo")]
public sealed class BrokerLinkTests(SiloFixture silo) : IAsyncLifetime
{
    private readonly ScriptedBroker _broker = new();

    private string Uri => $"mqtt://127.0.0.1:{_broker.Port}";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task Publish_obeys_maximum_qos_and_retain_available()
    {
        _broker.OnConnect = _ =>
        {
            var connack = ScriptedBroker.Accepted();
            (connack.MaximumQoS, connack.RetainAvailable) = (MqttQualityOfServiceLevel.AtMostOnce, false);
            return connack;
        };
        await using var link = new LinkUnderTest(silo, Uri);
        await link.Connected();

        Assert.Equal(DeliveryResult.Delivered, await link.Deliver("pump-1"));

        await Eventually.Is(() => !_broker.Publishes.IsEmpty, "a publish");
        var publish = Assert.Single(_broker.Publishes);
        Assert.Equal((MqttQualityOfServiceLevel.AtMostOnce, false), (publish.QualityOfServiceLevel, publish.Retain));
        Assert.All(_broker.Subscribes.Single().TopicFilters, filter => Assert.Equal(MqttQualityOfServiceLevel.AtMostOnce, filter.QualityOfServiceLevel));
        var limits = Assert.Single(link.Log.Lines(LogEvents.BrokerLimited));
        Assert.Contains("Maximum QoS is 0", limits, StringComparison.Ordinal);
        Assert.Contains("Retain Available is 0", limits, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_larger_than_maximum_packet_size_is_not_sent()
    {
        _broker.OnConnect = _ =>
        {
            var connack = ScriptedBroker.Accepted();
            (connack.MaximumPacketSize, connack.SessionExpiryInterval) = (200, 60);
            return connack;
        };
        await using var link = new LinkUnderTest(silo, Uri);
        await link.Connected();
        var large = $$"""{"a":"{{new string('x', 200)}}"}""";

        Assert.Equal(DeliveryResult.TooLarge, await link.Deliver("pump-1", body: large));
        Assert.Equal(DeliveryResult.TooLarge, await link.Deliver("pump-1", body: large));
        Assert.Equal(DeliveryResult.Delivered, await link.Deliver("pump-2"));

        Assert.Equal("twins/pump-2/desired", Assert.Single(_broker.Publishes).Topic);
        Assert.Contains("Maximum Packet Size", Assert.Single(link.Log.Lines(LogEvents.BrokerMessageSetAside)), StringComparison.Ordinal);
        Assert.Single(_broker.Connects);
        Assert.Contains("Session Expiry Interval is 60 s", Assert.Single(link.Log.Lines(LogEvents.BrokerLimited)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_uses_server_keep_alive()
    {
        _broker.OnConnect = _ =>
        {
            var connack = ScriptedBroker.Accepted();
            connack.ServerKeepAlive = 1;
            return connack;
        };
        await using var link = new LinkUnderTest(silo, Uri);
        await link.Connected();

        // Its own interval is 15 s.
        await Eventually.Is(() => !_broker.Pings.IsEmpty, "a ping", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Shared_link_without_shared_subscriptions_names_the_setting()
    {
        _broker.OnConnect = _ =>
        {
            var connack = ScriptedBroker.Accepted();
            connack.SharedSubscriptionAvailable = false;
            return connack;
        };
        await using var link = new LinkUnderTest(silo, Uri, options => options.Mode = BrokerLinkMode.Shared);

        await link.Fails("set Twins:Mqtt:Brokers:7:Mode to Exclusive");

        Assert.Contains("Mode to Exclusive", Assert.Single(link.Log.Lines(LogEvents.BrokerRetry)), StringComparison.Ordinal);
        Assert.Empty(_broker.Subscribes);
        Assert.Single(_broker.Connects);
        Assert.False(link.Health.Connected);
    }

    [Fact]
    public async Task Broker_without_wildcard_subscriptions_is_named()
    {
        _broker.OnConnect = _ =>
        {
            var connack = ScriptedBroker.Accepted();
            connack.WildcardSubscriptionAvailable = false;
            return connack;
        };
        await using var link = new LinkUnderTest(silo, Uri);

        await link.Fails("Wildcard Subscription Available is 0");
        Assert.Empty(_broker.Subscribes);
    }

    [Theory]
    [InlineData(MqttConnectReasonCode.BadUserNameOrPassword, "Twins:Mqtt:Brokers:7:Username")]
    [InlineData(MqttConnectReasonCode.NotAuthorized, "or let this user connect with client id twins-link-")]
    [InlineData(MqttConnectReasonCode.ClientIdentifierNotValid, "Twins:Cluster:ServiceId")]
    [InlineData(MqttConnectReasonCode.Banned, "end the ban")]
    [InlineData(MqttConnectReasonCode.QuotaExceeded, "raise the quota")]
    [InlineData(MqttConnectReasonCode.ConnectionRateExceeded, "raise the quota")]
    [InlineData(MqttConnectReasonCode.ServerBusy, "ServerBusy")]
    [InlineData(MqttConnectReasonCode.UseAnotherServer, "Twins:Mqtt:Brokers:7:Uri")]
    public async Task Refused_connection_names_reason_and_remedy(MqttConnectReasonCode code, string remedy)
    {
        _broker.OnConnect = _ => ScriptedBroker.Refused(code);
        await using var link = new LinkUnderTest(silo, Uri, options => (options.Username, options.Password) = ("someone", "secret"));

        await link.Fails(remedy);

        Assert.Contains($"({code}", link.Health.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, link.Log.Lines(LogEvents.BrokerRetry).Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", link.Health.Error, StringComparison.Ordinal);
        Assert.NotNull(link.Health.ErrorAt);
    }

    [Fact]
    public async Task Unreachable_brokers_are_told_apart()
    {
        await using var nobody = new LinkUnderTest(silo, $"mqtt://127.0.0.1:{Loopback.FreePort()}");
        await using var unknown = new LinkUnderTest(silo, "mqtt://someone:secret@no-such-host.invalid:1883");
        await using var plain = new LinkUnderTest(silo, $"mqtts://127.0.0.1:{_broker.Port}");

        await nobody.Fails("nothing listens at mqtt://127.0.0.1:");
        await unknown.Fails("the host of mqtt://no-such-host.invalid:1883 is unknown");
        await plain.Fails("A port without TLS needs mqtt://");
        Assert.All(unknown.Log.Lines(LogEvents.BrokerRetry).Append(unknown.Health.Error!), line => Assert.DoesNotContain("secret", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refused_subscription_names_filter_and_remedy()
    {
        _broker.OnSubscribe = filter => filter.Topic == "twins/+/get" ? MqttSubscribeReasonCode.NotAuthorized : MqttSubscribeReasonCode.GrantedQoS1;
        await using var link = new LinkUnderTest(silo, Uri);

        await link.Fails("refused the subscription to twins/+/get (NotAuthorized); let the user in Twins:Mqtt:Brokers:7:Username subscribe");
    }

    [Fact]
    public async Task Auto_falls_back_when_the_version_is_refused()
    {
        // As NATS answers: four bytes, return code 1.
        _broker.OnConnectBytes = version => version == MqttProtocolVersion.V500 ? [0x20, 2, 0, 1] : null;
        await using var link = new LinkUnderTest(silo, Uri);
        await link.Connected();

        Assert.Equal("3.1.1", link.Health.Protocol);
        Assert.Equal([MqttProtocolVersion.V500, MqttProtocolVersion.V311], _broker.Connects.Select(connect => connect.Version));
        Assert.False(_broker.Connects.Last().Packet.CleanSession);
        Assert.Contains("$epoch, $seq and $ts in the payload", Assert.Single(link.Log.Lines(LogEvents.BrokerFellBack)), StringComparison.Ordinal);

        Assert.Equal(DeliveryResult.Delivered, await link.Deliver("pump-1"));
        Assert.True(Assert.Single(_broker.Publishes).Retain);
        Assert.Equal(DeliveryResult.Delivered, await link.Deliver("pump-1", OutgoingMessageKind.Command));
    }

    [Fact]
    public async Task Auto_falls_back_when_connect_is_closed_twice()
    {
        _broker.OnConnect = connect => _broker.Connects.Last().Version == MqttProtocolVersion.V500 ? null : ScriptedBroker.Accepted();
        await using var link = new LinkUnderTest(silo, Uri);
        await link.Connected();

        Assert.Equal(
            [MqttProtocolVersion.V500, MqttProtocolVersion.V500, MqttProtocolVersion.V311],
            _broker.Connects.Select(connect => connect.Version));
    }

    [Fact]
    public async Task Fixed_version_is_kept_and_the_setting_named()
    {
        _broker.OnConnect = _ => ScriptedBroker.Refused(MqttConnectReasonCode.UnsupportedProtocolVersion);
        await using var five = new LinkUnderTest(silo, Uri, options => options.Protocol = "5");
        await five.Fails("set Twins:Mqtt:Brokers:7:Protocol to Auto");
        Assert.All(_broker.Connects, connect => Assert.Equal(MqttProtocolVersion.V500, connect.Version));

        await using var older = new ScriptedBroker();
        await using var three = new LinkUnderTest(silo, $"mqtt://127.0.0.1:{older.Port}", options => options.Protocol = "3.1.1");
        await three.Connected();
        Assert.Equal(MqttProtocolVersion.V311, Assert.Single(older.Connects).Version);
    }

    [Fact]
    public async Task Failed_subscription_of_3_1_1_is_explained()
    {
        _broker.OnSubscribe = _ => MqttSubscribeReasonCode.UnspecifiedError;
        await using var link = new LinkUnderTest(silo, Uri, options => options.Protocol = "3.1.1");

        await link.Fails("refused the subscription to twins/+/reported/# (UnspecifiedError)");
    }

    [Fact]
    public async Task Lost_session_is_logged()
    {
        await using var link = new LinkUnderTest(silo, Uri);
        await link.Connected();
        Assert.Empty(link.Log.Lines(LogEvents.BrokerSessionLost));

        _broker.OnPublish = publish => publish.Topic.Contains("bad", StringComparison.Ordinal) ? null : MqttPubAckReasonCode.Success;
        Assert.Equal(DeliveryResult.LinkDown, await link.Deliver("bad"));

        await Eventually.Is(() => link.Log.Lines(LogEvents.BrokerSessionLost).Length == 1, "the link to say that the session is lost");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("3.1.1")]
    public async Task Message_that_ends_the_connection_is_set_aside(string protocol)
    {
        _broker.OnPublish = publish => publish.Topic.StartsWith("twins/bad/", StringComparison.Ordinal) ? null : MqttPubAckReasonCode.Success;
        await using var link = new LinkUnderTest(silo, Uri, options => options.Protocol = protocol);
        await link.Connected();

        await Eventually.Is(
            async () =>
            {
                var bad = link.Deliver("bad", body: """{"a":1}""");
                await link.Deliver("good");
                return await bad == DeliveryResult.Refused;
            },
            "the message to be set aside");

        await Eventually.Is(async () => await link.Deliver("good") == DeliveryResult.Delivered, "another message to be delivered");
        Assert.InRange(_broker.Publishes.Count(publish => publish.Topic == "twins/bad/desired"), 3, 5);
        Assert.Contains("the broker ended the connection right after this message 3 times", Assert.Single(link.Log.Lines(LogEvents.BrokerMessageSetAside)), StringComparison.Ordinal);

        // It is not sent again, and others are.
        var before = _broker.Connects.Count;
        Assert.Equal(DeliveryResult.Refused, await link.Deliver("bad", body: """{"a":1}"""));
        Assert.Equal(DeliveryResult.Delivered, await link.Deliver("good"));
        Assert.Equal(before, _broker.Connects.Count);
        Assert.True(link.Health.Connected);
    }

    [Fact]
    public async Task Publish_without_rights_is_set_aside_unless_desired()
    {
        _broker.OnPublish = _ => MqttPubAckReasonCode.NotAuthorized;
        await using var link = new LinkUnderTest(silo, Uri);
        await link.Connected();

        Assert.Equal(DeliveryResult.Refused, await link.Deliver("pump-1", OutgoingMessageKind.Command));
        Assert.Equal(DeliveryResult.LinkDown, await link.Deliver("pump-1"));
        Assert.Contains("may not publish on this topic", Assert.Single(link.Log.Lines(LogEvents.BrokerMessageSetAside)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_that_is_too_large_does_not_hold_up_the_next()
    {
        _broker.OnConnect = _ =>
        {
            var connack = ScriptedBroker.Accepted();
            connack.MaximumPacketSize = 600;
            return connack;
        };
        await using var link = new LinkUnderTest(silo, Uri);
        await link.Connected();

        await link.Tell(Event("large", $$"""{"a":"{{new string('x', 600)}}"}"""), Event("small", "{}"));

        Assert.Equal("twins/small/events/changed", Assert.Single(_broker.Publishes).Topic);
        Assert.Contains("twins/large/events/changed", Assert.Single(link.Log.Lines(LogEvents.BrokerMessageSetAside)), StringComparison.Ordinal);

        static TwinEvent Event(string twinId, string data) =>
            new(twinId, $"{twinId}-1", TwinEventKinds.Changed, 1, DateTimeOffset.UnixEpoch, System.Text.Encoding.UTF8.GetBytes(data));
    }

    [Fact]
    public async Task Document_goes_to_no_topic_of_another_twin()
    {
        await using var link = new LinkUnderTest(silo, Uri);
        await link.Connected();

        Assert.Equal(DeliveryResult.Refused, await link.Deliver("evil", OutgoingMessageKind.Document, responseTopic: "twins/valve9/commands/open/01X"));
        Assert.Equal(DeliveryResult.Delivered, await link.Deliver("evil", OutgoingMessageKind.Document, responseTopic: "answers/evil"));
        Assert.Equal("answers/evil", Assert.Single(_broker.Publishes).Topic);
    }

    [Fact]
    public async Task Silent_broker_is_named()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var link = new LinkUnderTest(silo, $"mqtt://{silent.LocalEndpoint}");

        await link.Fails("no answer within 10 s; check that Twins:Mqtt:Brokers:7:Uri is the MQTT port of a broker");
        Assert.Empty(link.Log.Lines(LogEvents.BrokerFellBack));
    }
}
