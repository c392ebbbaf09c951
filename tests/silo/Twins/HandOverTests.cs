using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Twins.Contracts.Commands;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Links;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Twins;

/// <summary>What leaves a twin for its device: in order, and again until it is acknowledged.</summary>
[Collection("silo")]
public sealed class HandOverTests(SiloFixture silo)
{
    /// <summary>A gateway that no membership knows of, and so takes for alive.</summary>
    private static readonly LinkAddress Here = new(LinkNames.Gateway, "");

    private static readonly LinkAddress Elsewhere = new("plant", "");

    private static readonly CommandRequest Ping = new("ping", "{}"u8.ToArray(), TimeSpan.FromSeconds(30));

    private LinkTable Links => silo.Services.GetRequiredService<LinkTable>();

    [Fact]
    public async Task What_was_sent_and_not_acknowledged_is_sent_again_where_the_device_comes_back()
    {
        await using var here = await FakeLink.At(Links, Here);
        await using var elsewhere = await FakeLink.At(Links, Elsewhere);
        var id = await DeviceAt(here);
        string[] sent = [await Send(id), await Send(id), await Send(id)];
        Assert.Equal(sent, Commands(here));

        // In the same place the gateway's session repeats them.
        await Attach(id, here);
        await silo.Twin(id).CommandsAcknowledged(Messages.Somewhere, [sent[1]]);
        await Attach(id, elsewhere);

        await Eventually.Holds(() => Task.FromResult(Commands(elsewhere)), commands => commands.Length >= 2);
        Assert.Equal([sent[0], sent[2]], Commands(elsewhere));
        Assert.Equal(sent, Commands(here));

        // A broker's acknowledgement is one.
        await Attach(id, here);
        var last = await Send(id);
        Assert.Equal([.. sent, last], Commands(here));
    }

    [Fact]
    public async Task An_acknowledgement_outlives_the_twin_s_time_in_memory_and_costs_no_write()
    {
        await using var here = await FakeLink.At(Links, Here);
        await using var elsewhere = await FakeLink.At(Links, Elsewhere);
        var id = await DeviceAt(here);
        var sent = await Send(id);
        var writes = silo.Storage.WritesOf(id);

        await silo.Twin(id).CommandsAcknowledged(Messages.Somewhere, [sent, "01ARZ3NDEKTSV4RRFFQ69G5FAV"]);
        Assert.Equal(writes, silo.Storage.WritesOf(id));
        await silo.Twin(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
        await Eventually.Holds(() => Task.FromResult(silo.Storage.WritesOf(id)), now => now == writes + 1);

        await Attach(id, elsewhere);
        var next = await Send(id);
        Assert.Equal([next], Commands(elsewhere));
    }

    [Fact]
    public async Task A_session_that_begins_with_nothing_gets_what_the_one_before_it_there_did_not_acknowledge()
    {
        await using var here = await FakeLink.At(Links, Here);
        var id = await DeviceAt(here);
        string[] sent = [await Send(id), await Send(id)];
        await silo.Twin(id).CommandsAcknowledged(Messages.Somewhere, [sent[0]]);

        await silo.Twin(id).Attach(new DeviceAttachment(new MessageSource(here.Address, "native"), WantsDesired: false, WantsCommands: true, Anew: true));

        await Eventually.Holds(() => Task.FromResult(Commands(here)), commands => commands.Length == 3);
        Assert.Equal([.. sent, sent[1]], Commands(here));
    }

    [Theory]
    [InlineData("""{"mode":1}""", false)]
    [InlineData("""{"mode":2}""", true)]
    public async Task Desired_is_sent_only_if_something_differs(string desired, bool isSent)
    {
        await using var here = await FakeLink.At(Links, Here);
        var id = await DeviceAt(here);
        await silo.Twin(id).Apply([Messages.Reported("""{"mode":1}""")]);
        await Attach(id, here);

        await silo.Twin(id).Write(Messages.Merge(desired, "desired"));
        await Send(id);

        // Commands are sent after what was desired before them.
        await Eventually.Holds(() => Task.FromResult(here.Taken), taken => taken.Any(message => message.Kind == OutgoingMessageKind.Command));
        Assert.Equal(isSent, here.Taken.Any(message => message.Kind == OutgoingMessageKind.Desired));
    }

    [Fact]
    public async Task No_command_overtakes_an_earlier_one()
    {
        await using var here = await FakeLink.At(Links, Here);
        var id = await DeviceAt(here);
        var refused = 0;
        here.Answer = _ => Interlocked.Increment(ref refused) == 1 ? DeliveryResult.Busy : DeliveryResult.Delivered;

        string[] sent = [await Send(id), await Send(id)];

        await Eventually.Holds(() => Task.FromResult(Commands(here)), commands => commands.Length == 2);
        Assert.Equal(sent, Commands(here));
    }

    [Fact]
    public async Task No_command_overtakes_what_was_desired_before_it()
    {
        await using var here = await FakeLink.At(Links, Here);
        var id = await DeviceAt(here);
        var refused = 0;
        here.Answer = message => message.Kind == OutgoingMessageKind.Desired && Interlocked.Increment(ref refused) == 1 ? DeliveryResult.LinkDown : DeliveryResult.Delivered;

        await silo.Twin(id).Write(Messages.Merge("""{"mode":2}""", "desired"));
        await silo.Twin(id).SendCommand(Ping with { Timeout = TimeSpan.FromSeconds(10) });

        await Eventually.Holds(() => Task.FromResult(here.Taken), taken => taken.Length == 2);
        Assert.Equal([OutgoingMessageKind.Desired, OutgoingMessageKind.Command], here.Taken.Select(message => message.Kind));
    }

    [Fact]
    public async Task A_command_finds_a_device_that_has_moved_without_its_twin_s_knowledge()
    {
        await using var moved = await FakeLink.At(Links, Here);
        var id = silo.NewId();
        moved.Device = id;
        await silo.Twin(id).Apply([Messages.Reported("{}")]);
        // The silo's own gateway, where nobody is.
        await silo.Twin(id).Attach(new DeviceAttachment(new MessageSource(new LinkAddress(LinkNames.Gateway, Links.Instance), "native"), true, true));

        var sent = await Send(id);

        Assert.Equal([sent], Commands(moved));
        Assert.Equal(CommandStatus.Sent, (await silo.Twin(id).GetCommand(sent, TimeSpan.Zero)).Command!.Status);
    }

    [Fact]
    public async Task A_command_waits_a_moment_for_a_device_on_its_way_and_no_longer()
    {
        await using var elsewhere = await FakeLink.At(Links, Elsewhere);
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("{}")]);
        await silo.Twin(id).Attach(new DeviceAttachment(new MessageSource(new LinkAddress(LinkNames.Gateway, Links.Instance), "native"), true, true));

        var sending = silo.Twin(id).SendCommand(Ping);
        await Eventually.Holds(async () => (await silo.Twin(id).GetCommands())!.Length, count => count == 1);
        await Attach(id, elsewhere);
        Assert.Null((await sending).Problem);
        Assert.Single(Commands(elsewhere));

        await silo.Twin(id).Attach(new DeviceAttachment(new MessageSource(new LinkAddress(LinkNames.Gateway, Links.Instance), "native"), true, true));
        Assert.Equal("device-offline", (await silo.Twin(id).SendCommand(Ping)).Problem!.Code);
    }

    [Theory]
    [InlineData(DeliveryResult.TooLarge, "broker-packet-too-large", 413)]
    [InlineData(DeliveryResult.Refused, "broker-refused", 409)]
    public async Task Command_that_the_broker_refuses_is_undeliverable(DeliveryResult refusal, string code, int status)
    {
        await using var broker = await FakeLink.At(Links, Elsewhere);
        broker.Answer = message => message.CommandName == "large" ? refusal : DeliveryResult.Delivered;
        var id = await DeviceAt(broker);

        var refused = await silo.Twin(id).SendCommand(Ping with { Name = "large" });

        Assert.Equal((code, status), (refused.Problem!.Code, refused.Problem.Status));
        Assert.Contains("link plant", refused.Problem.Detail, StringComparison.Ordinal);
        Assert.Equal(CommandStatus.Undeliverable, Assert.Single((await silo.Twin(id).GetCommands())!).Status);
        Assert.Equal([await Send(id)], Commands(broker));
    }

    [Theory]
    [InlineData(DeliveryResult.TooLarge)]
    [InlineData(DeliveryResult.Refused)]
    public async Task Desired_that_the_broker_refuses_waits_for_a_change(DeliveryResult refusal)
    {
        await using var broker = await FakeLink.At(Links, Elsewhere);
        var tries = 0;
        broker.Answer = message => message.Kind == OutgoingMessageKind.Desired && Interlocked.Increment(ref tries) == 1 ? refusal : DeliveryResult.Delivered;
        var id = await DeviceAt(broker);

        await silo.Twin(id).Write(Messages.Merge("""{"mode":2}""", "desired"));
        await Eventually.Holds(() => Task.FromResult(Volatile.Read(ref tries)), count => count == 1);
        // What comes behind it does not wait, and does not bring it back.
        await Send(id);
        Assert.Equal(1, Volatile.Read(ref tries));

        await silo.Twin(id).Write(Messages.Merge("""{"mode":3}""", "desired"));
        await Eventually.Holds(() => Task.FromResult(broker.Taken), taken => taken.Any(message => message.Kind == OutgoingMessageKind.Desired));
    }

    private static string[] Commands(FakeLink link) =>
        [.. link.Taken.Where(message => message.Kind == OutgoingMessageKind.Command).Select(message => message.CommandId!)];

    private async Task<string> DeviceAt(FakeLink link)
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("{}")]);
        await Attach(id, link);
        return id;
    }

    private Task Attach(string id, FakeLink link) =>
        silo.Twin(id).Attach(new DeviceAttachment(new MessageSource(link.Address, "native"), WantsDesired: false, WantsCommands: true));

    private async Task<string> Send(string id) => (await silo.Twin(id).SendCommand(Ping)).Command!.Id;
}
