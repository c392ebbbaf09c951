using System.Text;
using Twins.Contracts.Commands;
using Twins.Contracts.Twins;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Twins;

[Collection("silo")]
public sealed class CommandTests(SiloFixture silo)
{
    private static readonly CommandRequest Ping = new("ping", "{}"u8.ToArray(), TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Nobody_there_is_said_at_once()
    {
        var id = silo.NewId();
        Assert.Equal(404, (await silo.Twin(id).SendCommand(Ping)).Problem!.Status);

        await silo.Twin(id).Write(Messages.Put("{}"));
        Assert.Equal("device-offline", (await silo.Twin(id).SendCommand(Ping)).Problem!.Code);
    }

    [Fact]
    public async Task An_answer_ends_the_wait()
    {
        var id = await OnlineDevice();
        var sent = await silo.Twin(id).SendCommand(Ping);
        var waiting = silo.Twin(id).GetCommand(sent.Command!.Id, TimeSpan.FromSeconds(20));

        var outcome = await silo.Twin(id).Apply([Answer(sent.Command.Id, 201, """{"pong":true}""")]);

        Assert.Equal(MessageOutcomeKind.Applied, outcome[0].Kind);
        var answered = (await waiting).Command!;
        Assert.Equal((CommandStatus.Answered, 201, """{"pong":true}"""), (answered.Status, answered.ResponseStatus, Encoding.UTF8.GetString(answered.Response!)));
        Assert.Equal(MessageOutcomeKind.Stale, (await silo.Twin(id).Apply([Answer(sent.Command.Id, 201, "{}")]))[0].Kind);
    }

    [Fact]
    public async Task A_wait_ends_with_the_timeout_and_a_late_answer_is_refused()
    {
        var id = await OnlineDevice();
        var sent = await silo.Twin(id).SendCommand(Ping with { Timeout = TimeSpan.FromMilliseconds(200) });

        var ended = await silo.Twin(id).GetCommand(sent.Command!.Id, TimeSpan.FromSeconds(20));

        Assert.Equal(CommandStatus.TimedOut, ended.Command!.Status);
        Assert.Equal("command-over", (await silo.Twin(id).Apply([Answer(sent.Command.Id, 200, "{}")]))[0].Problem!.Code);
        Assert.Equal("command-not-found", (await silo.Twin(id).Apply([Answer("01ARZ3NDEKTSV4RRFFQ69G5FAV", 200, "{}")]))[0].Problem!.Code);
    }

    [Fact]
    public async Task A_cancelled_command_is_over()
    {
        var id = await OnlineDevice();
        var sent = await silo.Twin(id).SendCommand(Ping);
        Assert.Equal(CommandStatus.Cancelled, (await silo.Twin(id).CancelCommand(sent.Command!.Id)).Command!.Status);
        Assert.Equal(409, (await silo.Twin(id).CancelCommand(sent.Command.Id)).Problem!.Status);
    }

    [Fact]
    public async Task The_same_key_sends_once()
    {
        var id = await OnlineDevice();
        var first = await silo.Twin(id).SendCommand(Ping with { IdempotencyKey = "k" });
        var again = await silo.Twin(id).SendCommand(Ping with { IdempotencyKey = "k" });
        var other = await silo.Twin(id).SendCommand(Ping with { IdempotencyKey = "k", Name = "reboot" });

        Assert.Equal(first.Command!.Id, again.Command!.Id);
        Assert.Equal(422, other.Problem!.Status);
        Assert.Single((await silo.Twin(id).GetCommands())!);
    }

    [Fact]
    public async Task Same_key_compares_payloads_as_json()
    {
        var id = await OnlineDevice();
        var first = await silo.Twin(id).SendCommand(Ping with { IdempotencyKey = "k", Payload = """{"a":1,"b":2}"""u8.ToArray() });
        var again = await silo.Twin(id).SendCommand(Ping with { IdempotencyKey = "k", Payload = """{"b":2,"a":1.0}"""u8.ToArray() });
        var other = await silo.Twin(id).SendCommand(Ping with { IdempotencyKey = "k", Payload = """{"a":1,"b":3}"""u8.ToArray() });

        Assert.Equal(first.Command!.Id, again.Command!.Id);
        Assert.Equal(422, other.Problem!.Status);
    }

    [Fact]
    public async Task A_twin_keeps_so_many_open_commands_and_no_more()
    {
        var id = await OnlineDevice();
        for (var i = 0; i < 32; i++)
        {
            Assert.Null((await silo.Twin(id).SendCommand(Ping)).Problem);
        }

        Assert.Equal(429, (await silo.Twin(id).SendCommand(Ping)).Problem!.Status);
    }

    [Fact]
    public async Task Old_ended_commands_are_forgotten()
    {
        var id = await OnlineDevice();
        string? last = null;
        for (var i = 0; i < 40; i++)
        {
            last = (await silo.Twin(id).SendCommand(Ping)).Command!.Id;
            await silo.Twin(id).Apply([Answer(last, 200, "{}")]);
        }

        var known = (await silo.Twin(id).GetCommands())!;
        Assert.Equal(32, known.Length);
        Assert.Equal(last, known[0].Id);
    }

    /// <summary>A device on a broker link that is down: commands are stored and wait for the link.</summary>
    private async Task<string> OnlineDevice()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("{\"a\":1}")]);
        return id;
    }

    private static DeviceMessage Answer(string commandId, int status, string json) => new()
    {
        Kind = DeviceMessageKind.CommandResponse,
        Source = Messages.Somewhere,
        CommandId = commandId,
        Status = status,
        Body = Encoding.UTF8.GetBytes(json),
    };
}
