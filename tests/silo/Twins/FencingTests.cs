using System.Text.Json.Nodes;
using Twins.Contracts.Commands;
using Twins.Contracts.Twins;
using Twins.Silo.Links.Fencing;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Twins;

/// <summary>What a twin takes from connections that lost their right (docs/decisions/0016-fencing.md).</summary>
[Collection("silo")]
public sealed class FencingTests(SiloFixture silo)
{
    private readonly string _id = silo.NewId();

    private ITwinGrain Twin => silo.Twin(_id);

    [Fact]
    public async Task Lower_token_of_the_same_right_is_fenced()
    {
        await Apply(Source(2), """{"a":2}""");

        var outcome = await Apply(Source(1), """{"a":1}""");

        Assert.Equal(MessageOutcome.Fenced(2), outcome);
        Assert.Equal(2, (int?)(await Reported())["a"]);
        Assert.Equal(MessageOutcomeKind.Applied, (await Apply(Source(2), """{"a":3}""")).Kind);
    }

    [Fact]
    public async Task Tokens_of_other_rights_are_not_compared()
    {
        await Apply(Source(9), """{"a":1}""");

        Assert.Equal(MessageOutcomeKind.Applied, (await Apply(Source(1, "application"), """{"a":2}""")).Kind);
        Assert.Equal(MessageOutcomeKind.Applied, (await Apply(Messages.Somewhere, """{"a":3}""")).Kind);
        Assert.Equal(MessageOutcomeKind.Fenced, (await Apply(Source(8), """{"a":4}""")).Kind);
    }

    [Fact]
    public async Task Token_is_known_after_a_reload()
    {
        await Apply(Source(2), """{"a":2}""");
        await Reload();

        Assert.Equal(MessageOutcome.Fenced(2), await Apply(Source(1), """{"a":1}"""));
    }

    [Fact]
    public async Task Token_outlives_a_delete()
    {
        await Apply(Source(2), """{"a":2}""");
        await Twin.Delete(null);
        await Reload();

        Assert.Equal(MessageOutcomeKind.Fenced, (await Apply(Source(1), """{"a":1}""")).Kind);
        Assert.Null(await Twin.Get());
        Assert.Equal(MessageOutcomeKind.Applied, (await Apply(Source(3), """{"a":3}""")).Kind);
        Assert.Equal(MessageOutcomeKind.Fenced, (await Apply(Source(2), """{"a":2}""")).Kind);
    }

    [Fact]
    public async Task Attachment_fences_earlier_connections()
    {
        await Apply(Source(1), """{"a":1}""");
        await Twin.Attach(new DeviceAttachment(Source(2), WantsDesired: false, WantsCommands: false));

        Assert.Equal(MessageOutcomeKind.Fenced, (await Apply(Source(1), """{"a":2}""")).Kind);
        // Neither the end of the earlier connection nor its will says that the device is gone.
        await Twin.Detach(Source(1));
        Assert.Equal("online", await Status());
        Assert.Equal(MessageOutcomeKind.Fenced, Assert.Single(await Twin.Apply([new DeviceMessage { Kind = DeviceMessageKind.Offline, Source = Source(1), FromWill = true }])).Kind);
        Assert.Equal("online", await Status());
        await Twin.Detach(Source(2));
        Assert.Equal("offline", await Status());
        // Nor does an old attachment bring it back.
        await Twin.Attach(new DeviceAttachment(Source(1), WantsDesired: false, WantsCommands: false));
        Assert.Equal("offline", await Status());
    }

    [Fact]
    public async Task Fenced_messages_of_a_batch_leave_the_others()
    {
        await Apply(Source(5), """{"a":0}""");

        var outcomes = await Twin.Apply([Message(Source(4), """{"a":1}"""), Message(Source(5), """{"a":2}"""), Message(Source(6), """{"a":3}"""), Message(Source(5), """{"a":4}""")]);

        Assert.Equal(
            [MessageOutcomeKind.Fenced, MessageOutcomeKind.Applied, MessageOutcomeKind.Applied, MessageOutcomeKind.Fenced],
            outcomes.Select(outcome => outcome.Kind));
        Assert.Equal(3, (int?)(await Reported())["a"]);
    }

    [Fact]
    public async Task Call_that_was_repeated_is_rejected_when_it_arrives()
    {
        var (abandoned, repeated) = (CallNumbers.Next(), CallNumbers.Next());
        await Twin.Apply([Message(Source(2), """{"a":1}""")], repeated);
        await Apply(Source(2), """{"a":2}""");
        await Reload();

        var outcome = Assert.Single(await Twin.Apply([Message(Source(2), """{"a":1}""")], abandoned));

        Assert.Equal(MessageOutcomeKind.Fenced, outcome.Kind);
        Assert.Equal(2, (int?)(await Reported())["a"]);
        // Another connection is numbered by another process.
        Assert.Equal(MessageOutcomeKind.Applied, Assert.Single(await Twin.Apply([Message(Source(3), """{"a":3}""")], 1)).Kind);
    }

    [Fact]
    public async Task Attachment_that_was_repeated_does_not_undo_a_detach()
    {
        await Apply(Source(2), """{"a":1}""");
        var attachment = new DeviceAttachment(Source(2), WantsDesired: false, WantsCommands: false);
        var (abandoned, repeated) = (CallNumbers.Next(), CallNumbers.Next());
        await Twin.Attach(attachment, repeated);
        await Twin.Detach(Source(2));

        await Twin.Attach(attachment, abandoned);

        Assert.Equal("offline", await Status());
    }

    [Fact]
    public async Task Fenced_answer_does_not_end_a_command()
    {
        await Apply(Source(2), """{"a":1}""");
        var command = (await Twin.SendCommand(new CommandRequest("open", "{}"u8.ToArray(), TimeSpan.FromMinutes(1), null))).Command!;
        var answer = new DeviceMessage { Kind = DeviceMessageKind.CommandResponse, Source = Source(1), CommandId = command.Id, Body = "{}"u8.ToArray() };

        Assert.Equal(MessageOutcomeKind.Fenced, Assert.Single(await Twin.Apply([answer])).Kind);
        Assert.Equal(MessageOutcomeKind.Applied, Assert.Single(await Twin.Apply([answer with { Source = Source(2) }])).Kind);
    }

    private static DeviceMessage Message(MessageSource source, string json) => Messages.Reported(json) with { Source = source };

    private static MessageSource Source(ulong token, string clientId = "device") =>
        Messages.Somewhere with { ClientId = clientId, Right = Rights.OfGateway(clientId), Token = token };

    private async Task<MessageOutcome> Apply(MessageSource source, string json) => Assert.Single(await Twin.Apply([Message(source, json)]));

    private async Task<JsonNode> Document() => JsonNode.Parse((await Twin.Get())!.Document)!;

    private async Task<JsonNode> Reported() => (await Document())["reported"]!;

    private async Task<string?> Status() => (string?)(await Document())["connection"]!["status"];

    /// <summary>Has the twin read from the store again: as after a conflict, or on another silo.</summary>
    private async Task Reload()
    {
        using (silo.Storage.Break(_id))
        {
            await Assert.ThrowsAnyAsync<TwinUnavailableException>(() => Apply(Source(100), """{"reloaded":true}"""));
        }

        await Eventually.Passes(() => Twin.Get());
    }
}
