using MQTTnet;
using MQTTnet.Formatter;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>What answers of the gateway say in words, and to whom (MQTT 5, 3.1.2.11.7).</summary>
public sealed class ReasonStringTests(Platforms platforms) : PlatformTest(platforms)
{
    [Theory]
    [InlineData("devices/#")]
    [InlineData("twins/x/reported")]
    public async Task Subscription_that_carries_nothing_is_explained(string filter)
    {
        var platform = await On(Store.Embedded);
        using var client = await Connect(platform, wantsReasons: true);

        var answer = await client.SubscribeAsync(filter, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("twins/{id}/desired", answer.ReasonString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscription_that_carries_something_is_not_explained()
    {
        var platform = await On(Store.Embedded);
        using var client = await Connect(platform, wantsReasons: true);

        var answer = await client.SubscribeAsync("twins/+/events/+", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Null(answer.ReasonString);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reasons_are_sent_to_clients_that_want_them(bool wantsReasons)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("reasons");
        using var client = await Connect(platform, wantsReasons);

        var published = await client.PublishStringAsync($"twins/{id}/reported", "{", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: TestContext.Current.CancellationToken);
        var subscribed = await client.SubscribeAsync("devices/#", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(MqttClientPublishReasonCode.PayloadFormatInvalid, published.ReasonCode);
        Assert.Equal(wantsReasons, published.ReasonString is not null);
        Assert.Equal(wantsReasons, subscribed.ReasonString is not null);
    }

    private static async Task<IMqttClient> Connect(Platform platform, bool wantsReasons)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(
            new MqttClientOptionsBuilder()
                .WithTcpServer("127.0.0.1", platform.MqttPort(Link.Gateway))
                .WithProtocolVersion(MqttProtocolVersion.V500)
                .WithRequestProblemInformation(wantsReasons)
                .Build(),
            TestContext.Current.CancellationToken);
        return client;
    }
}
