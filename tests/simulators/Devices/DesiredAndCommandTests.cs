using System.Globalization;
using Twins.Contracts.Topics;
using Twins.Simulators.Mqtt;
using Xunit;
using static Twins.Simulators.Tests.Fleets;

namespace Twins.Simulators.Tests;

public sealed class DesiredAndCommandTests
{
    [Fact]
    public async Task A_device_takes_what_is_desired_and_reports_it_back()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker);
        await broker.SendAsync(
            NativeTopics.Desired(Pump),
            """{"setpoint":61.5,"interval":0.02,"site":{"room":[4]},"$revision":9}""");
        await Eventually.IsTrueAsync(() => Reports(broker).Any(report => report.Json.ContainsKey("site")));

        var back = Reports(broker).Single(report => report.Json.ContainsKey("site"));
        Assert.Equal("""{"setpoint":61.5,"interval":0.02,"site":{"room":[4]}}""", back.Payload);

        // What it can not take stays a delta.
        await broker.SendAsync(NativeTopics.Desired(Pump), """{"setpoint":121,"interval":0,"$revision":10}""");
        await Eventually.IsTrueAsync(() => fleet.Snapshot().DesiredRefused == 2);
        Assert.Equal(1, fleet.Snapshot().DesiredTaken);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[1]")]
    public async Task What_is_desired_and_no_json_object_is_trouble_and_no_end(string payload)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker);
        await broker.SendAsync(NativeTopics.Desired(Pump), payload);
        await Eventually.IsTrueAsync(() => fleet.Snapshot().Errors == 1);
        await broker.SendAsync(NativeTopics.Desired(Pump), """{"setpoint":50}""");
        await Eventually.IsTrueAsync(() => fleet.Snapshot().DesiredTaken == 1);
    }

    [Theory]
    [InlineData("ping", "{}", 200, "pong")]
    [InlineData("identify", "", 200, "serial")]
    [InlineData("measure", "", 200, "flow")]
    [InlineData("echo", """{"a":[1,2.50]}""", 200, "a")]
    [InlineData("echo", "nonsense", 400, "error")]
    [InlineData("fly", "{}", 404, "error")]
    public async Task A_device_answers_commands(string name, string payload, int status, string member)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker);
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, name, "c-1"), payload);
        await Eventually.IsTrueAsync(() => broker.On(NativeTopics.CommandResponse(Pump, "c-1")).Count == 1);

        var answer = broker.On(NativeTopics.CommandResponse(Pump, "c-1")).Single();
        Assert.Equal(status.ToString(CultureInfo.InvariantCulture), answer.Properties["status"]);
        Assert.True(answer.Json.ContainsKey(member), answer.Payload);
        Assert.Equal(1, fleet.Snapshot().CommandsAnswered);
        Assert.Equal(status == 404 ? 1 : 0, fleet.Snapshot().CommandsUnknown);
    }

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task A_command_delivered_twice_is_answered_once_and_answers_are_not_commands(MqttProtocol protocol)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker, protocol);
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "ping", "twice"), "{}");
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "ping", "twice"), "{}");
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "ping", "last"), "{}");
        await Eventually.IsTrueAsync(() => broker.On(NativeTopics.CommandResponse(Pump, "last")).Count == 1);
        Assert.Single(broker.On(NativeTopics.CommandResponse(Pump, "twice")));
        Assert.Equal(2, fleet.Snapshot().CommandsAnswered);
        Assert.Equal(1, fleet.Snapshot().CommandsRepeated);
    }

    [Fact]
    public async Task Expired_command_is_not_executed()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker, MqttProtocol.V311);
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "ping", "late"), """{"$expiresAt":"2020-01-01T00:00:00.000Z"}""");
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "ping", "last"), $$"""{"$expiresAt":"{{DateTimeOffset.UtcNow.AddHours(1):O}}"}""");
        await Eventually.IsTrueAsync(() => broker.On(NativeTopics.CommandResponse(Pump, "last")).Count == 1);
        Assert.Empty(broker.On(NativeTopics.CommandResponse(Pump, "late")));
        Assert.Equal(1, fleet.Snapshot().CommandsExpired);
    }

    [Fact]
    public async Task A_reboot_is_answered_then_the_device_is_gone_for_a_while()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker, sequence: true);
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "reboot", "r"), "{}");
        await Eventually.IsTrueAsync(() => broker.Connects[Pump] == 2);
        Assert.Single(broker.On(NativeTopics.CommandResponse(Pump, "r")));

        // A new epoch, counted from 1.
        await Eventually.IsTrueAsync(() => Reports(broker).Any(report => report.Properties["epoch"] != Reports(broker)[0].Properties["epoch"]));
        var before = ulong.Parse(Reports(broker)[0].Properties["epoch"], CultureInfo.InvariantCulture);
        var first = Reports(broker).First(report => report.Properties["epoch"] != Reports(broker)[0].Properties["epoch"]);
        Assert.Equal(before + 1, ulong.Parse(first.Properties["epoch"], CultureInfo.InvariantCulture));
        Assert.Equal("1", first.Properties["seq"]);
        Assert.Equal(0, fleet.Snapshot().LostConnections);
    }
}
