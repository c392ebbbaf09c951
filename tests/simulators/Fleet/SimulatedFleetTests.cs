using Microsoft.Extensions.Time.Testing;
using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Plans;
using Xunit;
using static Twins.Simulators.Tests.Fleets;

namespace Twins.Simulators.Tests;

public sealed class SimulatedFleetTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, MqttProtocol.V5)]
    [InlineData(1, MqttProtocol.V5)]
    [InlineData(2, MqttProtocol.V5)]
    [InlineData(0, MqttProtocol.V311)]
    [InlineData(1, MqttProtocol.V311)]
    [InlineData(2, MqttProtocol.V311)]
    public async Task The_summary_counts_what_the_broker_saw(int qos, MqttProtocol protocol)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(Options(broker) with { QualityOfService = qos, Protocol = protocol }, 12);
        fleet.Start();
        await Eventually.IsTrueAsync(() => fleet.Snapshot().Readings >= 100);
        await fleet.StopAsync(Cancel);

        var end = fleet.Snapshot();
        await Eventually.IsTrueAsync(() => broker.Messages.Count >= end.Published);
        Assert.Equal(end.Published, broker.Messages.Count);
        Assert.Equal(qos == 0 ? 0 : end.Published, end.Acknowledged);
        Assert.Equal(qos == 0 ? 0 : end.Published, end.Latency.Count);
        Assert.Equal(0, end.Unacknowledged);
        Assert.Equal(12, end.EverConnected);
        Assert.Equal(0, end.Connected);
        Assert.Equal(0, end.Errors);
        Assert.Equal(FleetState.Stopped, end.State);
        Assert.True(end.Succeeded);
        Assert.All(broker.Messages, message => Assert.Equal(qos, message.QualityOfService));

        // Besides readings: online and offline, once per device.
        Assert.Equal(end.Published, end.Readings + 2 * 12);
        Assert.Equal(fleet.Ids.Order(), broker.Messages.Select(message => message.ClientId).Distinct().Order());
    }

    [Fact]
    public async Task Devices_are_dealt_out_by_kind_and_say_hello_and_goodbye()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = SimulatedFleet.OfKinds(
            Options(broker), "acme", 5, TimeSpan.FromMilliseconds(50), ["pump", "thermostat", "meter", "truck"]);
        Assert.Equal(["acme:pump-1", "acme:pump-2", "acme:thermostat-1", "acme:meter-1", "acme:truck-1"], fleet.Ids);
        fleet.Start();
        await Eventually.IsTrueAsync(() => fleet.Ids.All(id => broker.On(NativeTopics.Reported(id)).Count > 1));
        await fleet.StopAsync(Cancel);
        foreach (var id in fleet.Ids)
        {
            Assert.Equal(["online", "offline"], broker.On(NativeTopics.Connection(id)).Select(message => message.Payload));
            Assert.Contains(id, $"acme:{broker.On(NativeTopics.Reported(id))[0].Json["kind"]}-1 acme:pump-2", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task Sequence_numbers_grow_by_one(MqttProtocol protocol)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker, protocol, sequence: true);
        await Eventually.IsTrueAsync(() => Reports(broker).Count >= 5);
        var numbers = Reports(broker).Take(5)
            .Select(report => protocol == MqttProtocol.V5 ? report.Properties["seq"] : report.Json["$seq"]!.ToString());
        Assert.Equal(["1", "2", "3", "4", "5"], numbers);
    }

    [Fact]
    public async Task What_the_platform_complains_about_is_said_once_and_counted()
    {
        var said = new List<string>();
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(Options(broker) with { OnTrouble = said.Add });
        fleet.Start();
        await Eventually.IsTrueAsync(() => broker.Subscriptions.Contains((Pump, NativeTopics.Errors(Pump))));
        await broker.SendAsync(NativeTopics.Errors(Pump), """{"detail":"too deep"}""");
        await broker.SendAsync(NativeTopics.Errors(Pump), """{"detail":"too wide"}""");
        await Eventually.IsTrueAsync(() => fleet.Snapshot().Problems == 2);
        Assert.Equal([$$"""the platform told {{Pump}}: {"detail":"too deep"}"""], said);
        Assert.Equal(2, fleet.Snapshot().Errors);
    }

    [Fact]
    public async Task Readings_follow_the_clock_they_are_given()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(1));
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(
            Options(broker) with { Time = time }, Plan(Pumps() with { Report = new ReportPlan { Interval = TimeSpan.FromSeconds(10) } }));
        fleet.Start();
        await Eventually.IsTrueAsync(() => Reports(broker).Count == 1);
        for (var reading = 1; reading <= 3; reading++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Eventually.IsTrueAsync(() => Reports(broker).Count == 1 + reading);
        }

        var stopping = fleet.StopAsync(Cancel);
        while (!stopping.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        await stopping;
        Assert.Equal(4, fleet.Snapshot().Readings);
    }
}
