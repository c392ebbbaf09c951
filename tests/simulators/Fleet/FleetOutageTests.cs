using System.Globalization;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Xunit;
using static Twins.Simulators.Tests.Fleets;

namespace Twins.Simulators.Tests;

public sealed class FleetOutageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_fleet_comes_back_after_the_broker_did(int qos)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(Options(broker) with { QualityOfService = qos }, 8);
        fleet.Start();
        await Eventually.IsTrueAsync(() => fleet.Snapshot() is { Connected: 8, Readings: > 20 });
        await broker.StopServerAsync();
        await Eventually.IsTrueAsync(() => fleet.Snapshot() is { Connected: 0, FailedConnects: > 8 });
        await broker.StartServerAsync();
        await Eventually.IsTrueAsync(() => fleet.Snapshot().Connected == 8);
        var readings = fleet.Snapshot().Readings;
        await Eventually.IsTrueAsync(() => fleet.Snapshot().Readings > readings + 20);

        // The new broker knows no sessions: the devices have subscribed again.
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "ping", "back"), "{}");
        await Eventually.IsTrueAsync(() => broker.On(NativeTopics.CommandResponse(Pump, "back")).Count == 1);
        await fleet.StopAsync(Cancel);
        var end = fleet.Snapshot();
        Assert.Equal(8, end.LostConnections);
        Assert.Equal(0, end.Unacknowledged);
        Assert.True(end.Succeeded);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public async Task All_is_reported_at_each_connection_unless_the_plan_says_only_once(bool once, int whole)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(Options(broker), Plan(Pumps() with { Report = Pumps().Report with { WholeOnce = once } }));
        fleet.Start();
        await Eventually.IsTrueAsync(() => fleet.Snapshot().Readings > 5);
        await broker.StopServerAsync();
        await Eventually.IsTrueAsync(() => fleet.Snapshot() is { Connected: 0, FailedConnects: > 1 });
        await broker.StartServerAsync();
        var readings = fleet.Snapshot().Readings;
        await Eventually.IsTrueAsync(() => fleet.Snapshot().Readings > readings + 5);

        await fleet.StopAsync(Cancel);
        Assert.Equal(whole, Reports(broker).Where(report => report.Json.ContainsKey("serial")).Select(report => report.Payload).Distinct().Count());
    }

    [Fact]
    public async Task A_run_that_ends_before_anybody_has_connected_says_so()
    {
        // Takes the connection, and says nothing.
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        await using var fleet = Of(new FleetOptions { Broker = new BrokerAddress("127.0.0.1", port), DrainTimeout = TimeSpan.FromMilliseconds(200) });
        var end = await fleet.RunAsync(TimeSpan.FromMilliseconds(200), Cancel);
        Assert.False(end.Succeeded);
        Assert.Equal($"no device had connected to mqtt://127.0.0.1:{port} when the run ended; let it run longer", Assert.Single(end.Troubles).Sentence);
    }

    [Fact]
    public async Task What_was_not_acknowledged_is_sent_again_first_and_in_order()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(Options(broker) with { Sequence = true });
        var stuck = new TaskCompletionSource();
        broker.BeforeAcknowledge = publish => publish.ApplicationMessage.Topic.EndsWith("/reported", StringComparison.Ordinal)
            ? stuck.Task
            : Task.CompletedTask;
        fleet.Start();
        await Eventually.IsTrueAsync(() => fleet.Snapshot() is { Unacknowledged: 16 });
        broker.BeforeAcknowledge = null;
        await broker.StopServerAsync();
        stuck.SetResult();
        var before = broker.Messages.Count;
        await broker.StartServerAsync();
        await Eventually.IsTrueAsync(() => broker.Messages.Count > before + 20);

        var numbers = broker.Messages.Skip(before).Where(message => message.Properties.ContainsKey("seq"))
            .Select(message => int.Parse(message.Properties["seq"], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(numbers.Order(), numbers);
        Assert.True(fleet.Snapshot().Resent > 0);

        // Not one of what was due meanwhile is missing.
        Assert.Equal(numbers[0] + numbers.Distinct().Count() - 1, numbers[^1]);
        Assert.Equal(0, fleet.Snapshot().Skipped);
    }

    [Fact]
    public async Task A_broker_that_does_not_acknowledge_makes_missing_acknowledgements()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.BeforeAcknowledge = publish =>
        {
            publish.Response.ReasonCode = MqttPubAckReasonCode.Success;
            return Task.Delay(Timeout.Infinite, publish.CancellationToken);
        };
        await using var fleet = Of(Options(broker) with { DrainTimeout = TimeSpan.FromMilliseconds(200) });
        fleet.Start();
        await Eventually.IsTrueAsync(() => fleet.Snapshot().Unacknowledged > 0);
        await fleet.StopAsync(Cancel);
        Assert.True(fleet.Snapshot().Unacknowledged > 0);
        Assert.False(fleet.Snapshot().Succeeded);
    }

    [Fact]
    public async Task A_refused_message_is_acknowledged_and_counted_as_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.BeforeAcknowledge = publish =>
        {
            publish.Response.ReasonCode = MqttPubAckReasonCode.QuotaExceeded;
            return Task.CompletedTask;
        };
        await using var fleet = Of(Options(broker));
        fleet.Start();
        await Eventually.IsTrueAsync(() => fleet.Snapshot().Refused > 2);
        await fleet.StopAsync(Cancel);
        var end = fleet.Snapshot();
        Assert.Equal(end.Acknowledged, end.Refused);
        Assert.Contains("QuotaExceeded", Assert.Single(end.Troubles).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fleet_gives_up_when_nobody_is_there()
    {
        await using var fleet = Of(
            new FleetOptions
            {
                Broker = new BrokerAddress("127.0.0.1", Loopback.FreePort()),
                GiveUpAfter = TimeSpan.FromMilliseconds(300),
            },
            2);
        var end = await fleet.RunAsync(null, Cancel);
        Assert.Equal(2, end.NeverConnected);
        Assert.False(end.Succeeded);
    }
}
