using System.Diagnostics;
using MQTTnet;
using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;
using Twins.Simulators.Ledgers;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Replay;
using Xunit;

namespace Twins.Simulators.Tests;

public sealed class ReplayFleetTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"readings-{Guid.NewGuid():N}.csv");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(0, MqttProtocol.V5)]
    [InlineData(1, MqttProtocol.V5)]
    [InlineData(2, MqttProtocol.V5)]
    [InlineData(1, MqttProtocol.V311)]
    public async Task Every_device_gets_its_rows_in_order(int qos, MqttProtocol protocol)
    {
        await File.WriteAllTextAsync(_path, """
            time,device,temperature,on
            2026-01-01T00:00:00Z,a,1.0,true
            2026-01-01T00:00:00Z,b,10,
            2026-01-01T00:00:01Z,a,,false
            2026-01-01T00:00:02Z,a,,
            2026-01-01T00:00:03Z,b,11.50,true
            2026-01-01T00:00:04Z,a,3,true
            """, Cancel);
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Fleet(broker, new ReplayOptions(_path) { Speed = null }, options => options with { QualityOfService = qos, Protocol = protocol });
        var end = await fleet.RunAsync(null, Cancel);

        Assert.True(end.Succeeded);
        Assert.Equal(6, fleet.Delivered);
        Assert.Equal(5, end.Readings);
        await Eventually.IsTrueAsync(() => broker.Messages.Count >= end.Published);
        Assert.Equal(
            ["""{"temperature":1.0,"on":true}""", """{"on":false}""", """{"temperature":3,"on":true}"""],
            broker.On(NativeTopics.Reported("sim:a")).Select(message => message.Payload));
        Assert.Equal(
            ["""{"temperature":10}""", """{"temperature":11.50,"on":true}"""],
            broker.On(NativeTopics.Reported("sim:b")).Select(message => message.Payload));
        Assert.All(broker.On(NativeTopics.Reported("sim:a")), message => Assert.Empty(message.Properties));
    }

    [Fact]
    public async Task Recorded_times_and_sequence_go_along_when_asked_for()
    {
        await File.WriteAllTextAsync(_path, "time,value\n1700000000,1\n1700000060.25,2\n", Cancel);
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Fleet(
            broker, new ReplayOptions(_path) { Speed = null, Device = "m", Timestamps = true }, options => options with { Sequence = true });
        await fleet.RunAsync(null, Cancel);
        var messages = broker.On(NativeTopics.Reported("sim:m"));
        Assert.Equal(["2023-11-14T22:13:20Z", "2023-11-14T22:14:20.25Z"], messages.Select(message => message.Properties["ts"]));
        Assert.Equal(["1", "2"], messages.Select(message => message.Properties["seq"]));
    }

    [Fact]
    public async Task The_pace_is_that_of_the_file_divided_by_the_speed()
    {
        await File.WriteAllTextAsync(_path, "time,value\n0,1\n30,2\n60,3\n", Cancel);
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Fleet(broker, new ReplayOptions(_path) { Speed = 100, Device = "m" });
        var watch = Stopwatch.StartNew();
        await fleet.RunAsync(null, Cancel);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.6, 10);
        Assert.Equal(3, fleet.Delivered);
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_broker_restarts_in_between()
    {
        const int Rows = 4000;
        await File.WriteAllLinesAsync(_path, Enumerable.Range(0, Rows).Select(row => $"{row},d{row % 4},{row}").Prepend("time,device,value"), Cancel);
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Fleet(broker, new ReplayOptions(_path) { Speed = null });
        var running = fleet.RunAsync(null, Cancel);
        await Eventually.IsTrueAsync(() => fleet.Delivered > 200);
        await broker.StopServerAsync();
        await broker.StartServerAsync();
        var end = await running;

        Assert.True(end.Succeeded);
        Assert.Equal(Rows, fleet.Delivered);
        for (var device = 0; device < 4; device++)
        {
            // At least once: a row whose acknowledgement was lost comes twice, next to itself.
            var values = broker.On(NativeTopics.Reported($"sim:d{device}")).Select(message => message.Json["value"]!.GetValue<int>()).ToList();
            Assert.Equal(Enumerable.Range(0, Rows / 4).Select(row => row * 4 + device), values.Distinct());
            Assert.Equal(values.Order(), values);
        }
    }

    [Fact]
    public async Task Every_device_of_a_recording_reports_all_its_rows()
    {
        var file = Repository.Find("tests/recordings/rooms.csv");
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Fleet(broker, new ReplayOptions(file) { Speed = null, Prefix = "lab" });
        var end = await fleet.RunAsync(null, Cancel);

        Assert.True(end.Succeeded);
        Assert.Equal(240, end.Readings);
        Assert.Equal(5, end.EverConnected);
        await Eventually.IsTrueAsync(() => broker.Messages.Count == end.Published);

        var rows = (await File.ReadAllLinesAsync(file, Cancel)).Skip(1).Select(line => line.Split(',')).ToList();
        foreach (var device in rows.GroupBy(row => row[1]))
        {
            var expected = device.Select(row => $$"""{"temperature":{{row[2]}},"humidity":{{row[3]}}}""");
            Assert.Equal(expected, broker.On(NativeTopics.Reported($"lab:{device.Key}")).Select(message => message.Payload));
        }
    }

    [Fact]
    public async Task A_recording_with_a_clock_set_back_is_replayed()
    {
        var file = Repository.Find("tests/recordings/machine.csv");
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Fleet(broker, new ReplayOptions(file) { Speed = 1e9, Device = "machine" });
        var end = await fleet.RunAsync(null, Cancel);
        Assert.True(end.Succeeded);
        Assert.Equal(144, end.Readings);
        Assert.Equal("""{"value":79.60796099385405}""", broker.On(NativeTopics.Reported("sim:machine"))[^1].Payload);
    }

    [Fact]
    public async Task A_loop_begins_again_at_the_file_s_pace_until_it_is_stopped()
    {
        await File.WriteAllTextAsync(_path, "time,value\n0,1\n10,2\n", Cancel);
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Fleet(broker, new ReplayOptions(_path) { Speed = 100, Device = "m", Loop = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var watch = Stopwatch.StartNew();
        var running = fleet.RunAsync(null, stop.Token);
        await Eventually.IsTrueAsync(() => fleet.Delivered >= 7);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.6, 10);
        await stop.CancelAsync();
        Assert.True((await running).Succeeded);
        Assert.StartsWith("12121212", string.Concat(broker.On(NativeTopics.Reported("sim:m")).Select(message => message.Json["value"])) + "2", StringComparison.Ordinal);
        Assert.True(fleet.Readings >= fleet.Delivered);
    }

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task The_ledger_has_what_was_played_and_what_of_it_was_acknowledged(MqttProtocol protocol)
    {
        await File.WriteAllTextAsync(_path, "time,device,t\n1,a,1\n2,b,2\n3,a,3\n4,a,\n", Cancel);
        var path = _path + ".ledger";
        try
        {
            await using var broker = await TestBroker.StartAsync();

            // The last of a is refused, as a platform refuses what it can not take.
            broker.BeforeAcknowledge = publish =>
            {
                if (publish.ApplicationMessage.ConvertPayloadToString()?.Contains("\"t\":3", StringComparison.Ordinal) == true)
                {
                    publish.Response.ReasonCode = MQTTnet.Protocol.MqttPubAckReasonCode.NotAuthorized;
                }

                return Task.CompletedTask;
            };
            await using (var ledger = LedgerFile.Create(path, new LedgerHeader("b", null, "p", DateTimeOffset.UnixEpoch), TimeProvider.System))
            {
                await using var fleet = Fleet(
                    broker, new ReplayOptions(_path) { Speed = null, Timestamps = true },
                    options => options with { Ledger = ledger, Protocol = protocol, Sequence = true });
                await fleet.RunAsync(null, Cancel);
            }

            var reader = LedgerReader.Open(path);
            Assert.Equal(
                ["sim:a 1 1 {\"t\":1}", "sim:a 2 3 {\"t\":3}", "sim:b 1 2 {\"t\":2}"],
                reader.Read().Where(entry => entry.Kind == LedgerEntryKind.Sent)
                    .Select(entry => $"{entry.TwinId} {entry.Seq} {entry.Time?.ToUnixTimeSeconds()} {System.Text.Encoding.UTF8.GetString(entry.Patch.Span)}").Order(StringComparer.Ordinal));
            var all = LedgerAcknowledgements.Of(reader);

            // 3.1.1 has no way to say no.
            Assert.Equal((3, protocol == MqttProtocol.V5 ? 2 : 3, true), (all.Reports, all.Count, all.IsComplete));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ReplayFleet Fleet(TestBroker broker, ReplayOptions replay, Func<FleetOptions, FleetOptions>? change = null)
    {
        var options = new FleetOptions
        {
            Broker = broker.Address,
            ConnectRate = Rate.FromPerSecond(1000),
            ReconnectDelay = TimeSpan.FromMilliseconds(50),
            MaximumReconnectDelay = TimeSpan.FromMilliseconds(200),
        };
        return new ReplayFleet(change?.Invoke(options) ?? options, ReplayFile.Check(replay));
    }
}
