using System.Globalization;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;
using Twins.Simulators.Mqtt;
using Xunit;
using static Twins.Simulators.Tests.Fleets;

namespace Twins.Simulators.Tests;

public sealed class LedgerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, MqttProtocol.V5)]
    [InlineData(1, MqttProtocol.V5)]
    [InlineData(2, MqttProtocol.V5)]
    [InlineData(1, MqttProtocol.V311)]
    [InlineData(2, MqttProtocol.V311)]
    public async Task It_has_every_report_as_it_was_sent_and_whether_it_was_acknowledged(int qos, MqttProtocol protocol)
    {
        await using var broker = await TestBroker.StartAsync();
        var ledger = new FakeLedger();
        await using var fleet = Of(
            Options(broker) with { Ledger = ledger, QualityOfService = qos, Protocol = protocol },
            Plan(Pumps(3) with { Sequence = true, Timestamps = true }) with { Duration = TimeSpan.FromSeconds(1) });
        var running = fleet.RunAsync(null, Cancel);
        await Eventually.IsTrueAsync(() => broker.Subscriptions.Contains((Pump, NativeTopics.Desired(Pump))));
        await broker.SendAsync(NativeTopics.Desired(Pump), """{"setpoint":77}""");
        await running;
        Assert.Equal(3 * 21 + 1, ledger.Entries.Count);
        Assert.All(ledger.Entries, entry => Assert.Equal(qos > 0, entry.Acknowledged));
        Assert.Contains(ledger.Entries, entry => entry.Patch == """{"setpoint":77}""");
        await Eventually.IsTrueAsync(() => fleet.Ids.Sum(id => Reports(broker, id).Count) == ledger.Entries.Count);
        foreach (var id in fleet.Ids)
        {
            Assert.Equal(
                Reports(broker, id).Select(report => protocol == MqttProtocol.V5
                    ? (report.Payload, report.Properties["epoch"], report.Properties["seq"], report.Properties["ts"])
                    : (Without(report), report.Json["$epoch"]!.ToString(), report.Json["$seq"]!.ToString(), report.Json["$ts"]!.ToString())),
                ledger.Entries.Where(entry => entry.TwinId == id).Select(entry => (
                    entry.Patch,
                    entry.Stamp.Epoch!.Value.ToString(CultureInfo.InvariantCulture),
                    entry.Stamp.Seq!.Value.ToString(CultureInfo.InvariantCulture),
                    entry.Stamp.Time!)));
        }
    }

    [Fact]
    public async Task What_is_refused_or_never_acknowledged_is_no_promise()
    {
        await using var broker = await TestBroker.StartAsync();
        var ledger = new FakeLedger();
        await using var fleet = Of(
            Options(broker) with { Ledger = ledger },
            Plan(Pumps() with { Sequence = true }) with { Duration = TimeSpan.FromSeconds(0.3) });
        broker.BeforeAcknowledge = publish =>
        {
            var seq = publish.ApplicationMessage.UserProperties?.Find(static candidate => candidate.Name == "seq") is { } property ? System.Text.Encoding.UTF8.GetString(property.ValueBuffer.Span) : null;
            publish.Response.ReasonCode = seq is "2" or "4" ? MqttPubAckReasonCode.QuotaExceeded : MqttPubAckReasonCode.Success;
            return Task.CompletedTask;
        };
        await fleet.RunAsync(null, Cancel);
        Assert.Equal(7, ledger.Entries.Count);
        Assert.Equal([2UL, 4UL], ledger.Entries.Where(entry => !entry.Acknowledged).Select(entry => entry.Stamp.Seq!.Value));
    }

    [Fact]
    public async Task A_report_that_is_sent_again_after_an_outage_is_noted_once()
    {
        await using var broker = await TestBroker.StartAsync();
        var ledger = new FakeLedger();
        await using var fleet = Of(Options(broker) with { Ledger = ledger, Sequence = true });
        var stuck = new TaskCompletionSource();
        broker.BeforeAcknowledge = _ => stuck.Task;
        fleet.Start();
        await Eventually.IsTrueAsync(() => fleet.Snapshot().Unacknowledged == 16);
        Assert.DoesNotContain(ledger.Entries, entry => entry.Acknowledged);
        broker.BeforeAcknowledge = null;
        await broker.StopServerAsync();
        stuck.SetResult();
        await broker.StartServerAsync();
        await Eventually.IsTrueAsync(() => fleet.Snapshot() is { Resent: > 0, Unacknowledged: 0 });
        await fleet.StopAsync(Cancel);
        Assert.All(ledger.Entries, entry => Assert.True(entry.Acknowledged));
        Assert.Equal(ledger.Entries.Count, ledger.Entries.Select(entry => entry.Stamp.Seq).Distinct().Count());
    }

    private static string Without(ReceivedMessage report)
    {
        var json = report.Json;
        foreach (var name in (string[])["$epoch", "$seq", "$ts"])
        {
            json.Remove(name);
        }

        return json.ToJsonString();
    }
}
