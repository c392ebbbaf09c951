using System.Text.Json.Nodes;
using Twins.Contracts.Topics;
using Twins.Simulators.CommandLine;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Recording;
using Twins.Simulators.Replay;
using Twins.Simulators.Views;
using Xunit;

namespace Twins.Simulators.Tests.Recording;

public sealed class RecorderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("record").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Recorded => Path.Combine(_folder, "recorded.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task What_a_replay_plays_is_recorded_and_the_record_plays_the_same(MqttProtocol protocol)
    {
        var original = Path.Combine(_folder, "original.csv");
        await File.WriteAllTextAsync(original, """"
            time,device,motor/rpm,state,/time,mixed,motor/on,list,note
            2026-01-01T00:00:00Z,a,1450.0,on,noon,1,true,,"two
            lines, ""quoted"""
            2026-01-01T00:00:01.5Z,acme:b,,,,"""12""",false,"[1,{""x"":null}]",
            2026-01-01T00:00:02Z,a,null,off,,-1e3,,{},ü
            """" + "\n", Cancel);
        await using var broker = await TestBroker.StartAsync();
        await using (var recorder = new Recorder(Options(broker, protocol) with { Limit = 3 }, Assert.Fail))
        {
            var recording = recorder.RunAsync(Cancel);
            await Eventually.IsTrueAsync(() => broker.Subscriptions.Any(subscription => subscription.Filter == "twins/+/reported/#"));
            await PlayAsync(broker, original, protocol);
            var end = await recording;
            Assert.Equal((3, 2, 7, 0), (end.Messages, end.Devices, end.Columns, (int)end.Skipped));
            Assert.Equal(TimeSpan.FromSeconds(2), end.Last - end.First);
        }

        Assert.Equal(Readings(original), Readings(Recorded));
        Assert.StartsWith("time,device,motor/rpm,motor/on,state,/time,mixed,note,list\n2026-01-01T00:00:00Z,sim:a,", await File.ReadAllTextAsync(Recorded, Cancel), StringComparison.Ordinal);
        Assert.False(File.Exists(Recorded + ".part"));
        Assert.Empty(Directory.GetFiles(_folder, "*.part"));
    }

    [Fact]
    public async Task Events_of_the_platform_are_recorded_where_devices_are_not_heard()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var recorder = new Recorder(Options(broker) with { Limit = 2 }, Assert.Fail);
        var recording = recorder.RunAsync(Cancel);
        await Eventually.IsTrueAsync(() => broker.Subscriptions.Any(subscription => subscription.Filter == "twins/+/events/+"));
        await broker.SendAsync("twins/x/events/online", """{"time":"2026-01-01T00:00:00Z","data":{"revision":1}}""");
        await broker.SendAsync("twins/x/events/changed", """{"time":"2026-01-01T00:00:01Z","data":{"revision":2,"desired":{"a":1}}}""");
        await broker.SendAsync("twins/x/events/changed", """{"time":"2026-01-01T00:00:02Z","data":{"revision":3,"reported":{"m":{"a":1}}}}""");
        await broker.SendAsync("twins/x/events/changed", """{"time":"2026-01-01T00:00:03Z","data":{"revision":4,"reported":{"m":{"a":null}}}}""");
        var end = await recording;
        Assert.Equal((2, 1, 0), (end.Messages, end.Devices, (int)end.Skipped));
        Assert.Equal("time,device,m/a\n2026-01-01T00:00:02Z,x,1\n2026-01-01T00:00:03Z,x,null\n", await File.ReadAllTextAsync(Recorded, Cancel));
    }

    [Fact]
    public async Task Where_both_are_heard_a_change_is_recorded_once()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var recorder = new Recorder(Options(broker) with { Limit = 2 }, Assert.Fail);
        var recording = recorder.RunAsync(Cancel);
        await Eventually.IsTrueAsync(() => broker.Subscriptions.Any(subscription => subscription.Filter == "twins/+/events/+"));
        await broker.SendAsync(NativeTopics.Reported("x"), """{"a":1,"$ts":1000}""");
        await broker.SendAsync("twins/x/events/changed", """{"time":"2026-01-01T00:00:02Z","data":{"reported":{"a":1}}}""");
        await broker.SendAsync(NativeTopics.Reported("x"), "no json");
        await broker.SendAsync(NativeTopics.ReportedProperty("x", ["m", "b"]), "2");
        var end = await recording;
        Assert.Equal((2, 2, 1), (end.Messages, end.Columns, (int)end.Skipped));
        Assert.StartsWith("time,device,a,m/b\n1970-01-01T00:00:01Z,x,1,\n", await File.ReadAllTextAsync(Recorded, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_restarts_is_connected_again()
    {
        await using var broker = await TestBroker.StartAsync();
        var troubles = new List<string>();
        await using var recorder = new Recorder(Options(broker), troubles.Add);
        using var stop = new CancellationTokenSource();
        var recording = recorder.RunAsync(stop.Token);
        await Eventually.IsTrueAsync(() => broker.Subscriptions.Count == 2);
        await broker.StopServerAsync();
        await broker.StartServerAsync();
        await Eventually.IsTrueAsync(() => broker.Subscriptions.Count == 4);
        await broker.SendAsync(NativeTopics.Reported("x"), """{"a":1}""");
        await Eventually.IsTrueAsync(() => recorder.Snapshot().Messages == 1);
        await stop.CancelAsync();
        Assert.Equal((1, 1), ((await recording).Messages, (int)recorder.Snapshot().LostConnections));
        Assert.Equal($"{broker.Address} closed the connection; connecting again", troubles[0]);
    }

    [Theory]
    [InlineData("record {file} --source both", "source \"both\" is neither auto, devices nor events. See: record --help")]
    [InlineData("record {file} --topic #", "topic \"#\" is not of what devices report; write for example twins/+/reported/# or twins/pump-1/reported/#. See: record --help")]
    [InlineData("record {file} --topic twins/a/reported --source events", "--topic is of devices' topics, and --source events listens to none of them; leave one out. See: record --help")]
    [InlineData("record {folder}/none/x.csv", "file \"{folder}/none/x.csv\" can not be written: Could not find a part of the path '{folder}/none/x.csv'")]
    public async Task Bad_usage_is_one_sentence_and_2(string line, string sentence)
    {
        Assert.Equal((2, "", Fill(sentence)), await RunAsync(Fill(line)));

        string Fill(string text) => text.Replace("{file}", Recorded, StringComparison.Ordinal).Replace("{folder}", _folder, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_heard_is_one_sentence_and_1_and_leaves_no_file()
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(
            (1, "", $"nothing was recorded: no device reported anything to {broker.Address}"),
            await RunAsync($"record {Recorded} --broker {broker.Address} --duration 300ms"));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task The_json_summary_is_all_there_is_on_standard_output()
    {
        await using var broker = await TestBroker.StartAsync();
        var running = RunAsync($"record {Recorded} --broker {broker.Address} --limit 1 --json");
        await Eventually.IsTrueAsync(() => broker.Subscriptions.Count == 2);
        await broker.SendAsync(NativeTopics.Reported("x"), """{"a":1}""");
        var (code, text, error) = await running;
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(1, JsonNode.Parse(text)!["messages"]!.GetValue<int>());
    }

    private RecordOptions Options(TestBroker broker, MqttProtocol protocol = MqttProtocol.V5) => new(Recorded)
    {
        Connection = Fleets.Options(broker) with { Protocol = protocol },
    };

    private static async Task PlayAsync(TestBroker broker, string file, MqttProtocol protocol)
    {
        var options = new FleetOptions { Broker = broker.Address, Protocol = protocol };
        await using var fleet = new ReplayFleet(options, ReplayFile.Check(new ReplayOptions(file) { Speed = 10, Timestamps = true }));
        Assert.True((await fleet.RunAsync(null, Cancel)).Succeeded);
    }

    private static List<string> Readings(string file) => [.. ReplayFile.Check(new ReplayOptions(file)).Read().Select(reading =>
        $"{reading.TimeText} {reading.DeviceId} {Sorted(JsonNode.Parse(reading.Payload(MessageStamp.None, MqttProtocol.V5))!)}")];

    private static string Sorted(JsonNode node) => node is JsonObject members
        ? "{" + string.Join(',', members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{(member.Value is null ? "null" : Sorted(member.Value))}")) + "}"
        : node.ToJsonString();

    private static async Task<(int Code, string Out, string Error)> RunAsync(string line)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await Simulator.RunAsync(line.Split(' '), new Surface(output, error, null), Cancel);
        return (code, output.ToString().TrimEnd(), error.ToString().TrimEnd());
    }
}
