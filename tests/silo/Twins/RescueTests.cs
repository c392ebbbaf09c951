using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Twins.Contracts.Commands;
using Twins.Contracts.Twins;
using Twins.Silo.Links;
using Twins.Silo.Tests.Harness;
using Twins.Silo.Twins;
using Xunit;

namespace Twins.Silo.Tests.Twins;

/// <summary>Twins that nobody would call go on where their silo had to stop.</summary>
[Collection("silo")]
public sealed class RescueTests(SiloFixture silo)
{
    private static readonly LinkAddress Plant = new("rescue-plant", "");

    /// <summary>A silo that has never been.</summary>
    private static readonly LinkAddress Gone = new(LinkNames.Gateway, "127.0.0.1:1@1");

    [Fact]
    public async Task A_command_that_waits_in_the_store_is_sent_and_a_device_of_a_silo_that_is_gone_is_offline()
    {
        var (waits, gone, idle) = (silo.NewId(), silo.NewId(), silo.NewId());
        await silo.Twin(waits).Apply([Messages.Reported("{}") with { Source = new MessageSource(Plant, "native") }]);
        var command = (await silo.Twin(waits).SendCommand(new CommandRequest("ping", "{}"u8.ToArray(), TimeSpan.FromMinutes(1)))).Command!;
        await silo.Twin(gone).Apply([Messages.Reported("{}") with { Source = new MessageSource(Gone, "native") }]);
        await silo.Twin(idle).Apply([Messages.Reported("{}")]);
        foreach (var id in new[] { waits, gone, idle })
        {
            await silo.Twin(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
        }

        await using var link = await FakeLink.At(silo.Services.GetRequiredService<LinkTable>(), Plant);
        var writes = (Gone: silo.Storage.WritesOf(gone), Idle: silo.Storage.WritesOf(idle));
        var rescue = silo.Grains.GetGrain<IRescueGrain>(silo.NewId());
        await Eventually.Holds(rescue.Done, done => done);

        await Eventually.Holds(() => Task.FromResult(link.Taken), taken => taken.Any(message => message.CommandId == command.Id));
        Assert.Equal(writes.Gone + 1, silo.Storage.WritesOf(gone));
        Assert.Contains("\"offline\"", System.Text.Encoding.UTF8.GetString((await silo.Twin(gone).Get())!.Document), StringComparison.Ordinal);
        Assert.Equal(writes.Gone + 1, silo.Storage.WritesOf(gone));
        Assert.Equal(writes.Idle, silo.Storage.WritesOf(idle));
    }

    [Fact]
    public void A_twin_with_nothing_to_do_is_left_alone()
    {
        var there = new TwinConnection { Online = true, Address = Plant, Dialect = "native" };
        var state = new TwinState { Exists = true, Connection = there, DesiredPending = false };
        Assert.False(RescueGrain.Needs(state, _ => false));
        Assert.True(RescueGrain.Needs(state, _ => true));
        Assert.True(RescueGrain.Needs(state with { DesiredPending = true }, _ => false));
        Assert.False(RescueGrain.Needs(state with { DesiredPending = true, Connection = there with { Online = false, Address = Gone } }, _ => true));
    }
}
