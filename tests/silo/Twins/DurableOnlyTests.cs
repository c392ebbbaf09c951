using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Twins.Contracts.Commands;
using Twins.Contracts.Storage;
using Twins.Contracts.Twins;
using Twins.Silo.Fleet;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Twins;

/// <summary>What is told of a twin is in the store.</summary>
[Collection("silo")]
public sealed class DurableOnlyTests(SiloFixture silo)
{
    private static readonly CommandRequest s_ping = new("ping", "{}"u8.ToArray(), TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Command_to_a_deleted_twin_waits_for_the_delete()
    {
        var id = await OnlineDevice();
        Task<CommandResult> sending;
        using (await Held(id, () => silo.Twin(id).Delete(null)))
        {
            sending = silo.Twin(id).SendCommand(s_ping);
            await silo.Twin(id).Get();
            Assert.False(sending.IsCompleted);
        }

        Assert.Equal("twin-not-found", (await sending).Problem!.Code);
    }

    [Fact]
    public async Task Command_to_a_deleted_twin_fails_with_the_delete()
    {
        var id = await OnlineDevice();
        Task<CommandResult> sending;
        Task<TwinWriteResult> deleting = null!;
        using (silo.Storage.Break(id, () => new StoreException(StoreFault.Full, "full")))
        {
            using (await Held(id, () => deleting = silo.Twin(id).Delete(null)))
            {
                sending = silo.Twin(id).SendCommand(s_ping);
                await silo.Twin(id).Get();
            }

            Assert.Equal(StoreFault.Full, (await Assert.ThrowsAsync<TwinUnavailableException>(() => deleting)).Fault);
            await Assert.ThrowsAsync<TwinUnavailableException>(() => sending);
        }

        Assert.NotNull(await Current(id));
    }

    [Fact]
    public async Task End_of_a_command_is_seen_when_it_is_durable()
    {
        var id = await OnlineDevice();
        var sent = (await silo.Twin(id).SendCommand(s_ping)).Command!;
        Task<CommandResult> cancelling = null!;
        using (await Held(id, () => cancelling = silo.Twin(id).CancelCommand(sent.Id)))
        {
            Assert.False((await silo.Twin(id).GetCommands())!.Single().IsFinal);
            Assert.False(cancelling.IsCompleted);
        }

        await cancelling;
        Assert.Equal(CommandStatus.Cancelled, (await silo.Twin(id).GetCommands())!.Single().Status);
    }

    [Fact]
    public async Task New_command_is_listed_when_it_is_durable()
    {
        var id = await OnlineDevice();
        Task<CommandResult> sending = null!;
        using (await Held(id, () => sending = silo.Twin(id).SendCommand(s_ping)))
        {
            Assert.Empty((await silo.Twin(id).GetCommands())!);
        }

        Assert.Null((await sending).Problem);
        Assert.Single((await silo.Twin(id).GetCommands())!);
    }

    [Fact]
    public async Task Expired_command_is_read_from_a_full_store()
    {
        var id = await OnlineDevice();
        var sent = (await silo.Twin(id).SendCommand(s_ping with { Timeout = TimeSpan.FromMilliseconds(100) })).Command!;
        using (silo.Storage.Break(id, () => new StoreException(StoreFault.Full, "full")))
        {
            var read = await Eventually.Holds(
                async () =>
                {
                    try
                    {
                        return (await silo.Twin(id).GetCommand(sent.Id, TimeSpan.Zero)).Command;
                    }
                    catch (TwinUnavailableException)
                    {
                        // The activation whose write failed is going.
                        return null;
                    }
                },
                command => command is not null && command.ExpiresAt < DateTimeOffset.UtcNow);
            Assert.False(read!.IsFinal);
        }

        Assert.Equal(CommandStatus.TimedOut, (await Eventually.Holds(
            async () => (await silo.Twin(id).GetCommand(sent.Id, TimeSpan.Zero)).Command, command => command is { IsFinal: true }))!.Status);
    }

    [Fact]
    public async Task Full_store_is_read_while_writes_fail()
    {
        var id = await OnlineDevice();
        var revision = (await silo.Twin(id).Get())!.Revision;
        using (silo.Storage.Break(id, () => new StoreException(StoreFault.Full, "full")))
        {
            for (var i = 0; i < 50; i++)
            {
                var writing = silo.Twin(id).Apply([Messages.Reported($$"""{"a":{{i + 2}}}""")]);
                Assert.Equal(revision, (await silo.Twin(id).Get())!.Revision);
                await Assert.ThrowsAsync<TwinUnavailableException>(() => writing);
                Assert.Equal(revision, (await silo.Twin(id).Get())!.Revision);
            }
        }
    }

    [Fact]
    public async Task Faults_survive_the_way_between_processes()
    {
        var serializer = silo.Services.GetRequiredService<Serializer>();
        var store = new StoreException(StoreFault.OutOfDescriptors, "none left");
        var twin = new TwinUnavailableException("not stored", store) { Fault = StoreFault.Full, IsConflict = true };

        var read = Assert.IsType<TwinUnavailableException>(serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(twin)));
        Assert.Equal((StoreFault.Full, true, "not stored"), (read.Fault, read.IsConflict, read.Message));
        Assert.Equal(StoreFault.OutOfDescriptors, Assert.IsType<StoreException>(read.InnerException).Fault);
        Assert.Equal(StoreFault.Full, StoreFaults.FaultOf(read));

        // The call of a grain brings it as well.
        var id = await OnlineDevice();
        using (silo.Storage.Break(id, () => new StoreException(StoreFault.ReadOnly, "read-only")))
        {
            var failure = await Assert.ThrowsAnyAsync<Exception>(() => silo.Twin(id).Write(Messages.Put("""{"tags":{"a":1}}""")));
            Assert.Equal(StoreFault.ReadOnly, StoreFaults.FaultOf(failure));
        }
    }

    [Fact]
    public async Task Damaged_twin_is_left_out_and_can_be_deleted()
    {
        var id = await OnlineDevice();
        var revision = (await Current(id))!.Revision;
        using (silo.Storage.Damage(id))
        {
            await Deactivated(id);
            var failure = await Assert.ThrowsAnyAsync<Exception>(() => silo.Twin(id).Get());
            Assert.Equal(StoreFault.TwinDamaged, StoreFaults.FaultOf(failure));
            Assert.Equal(StoreFault.TwinDamaged, StoreFaults.FaultOf(await Assert.ThrowsAnyAsync<Exception>(() => silo.Twin(id).GetCommands())));
            Assert.Equal("twin-damaged", (await silo.Twin(id).Write(Messages.Merge("{}"))).Problem!.Code);
            Assert.Equal("twin-damaged", (await silo.Twin(id).Apply([Messages.Reported("{}")]))[0].Problem!.Code);

            // What lists ask for a row that the store cannot return.
            Assert.Null(await silo.Services.GetRequiredService<DamagedTwins>().ReadAsync(id, silo.Twin(id)));

            Assert.True((await silo.Twin(id).Delete(null)).Revision > revision);
        }

        Assert.Null(await silo.Twin(id).Get());
    }

    private async Task<string> OnlineDevice()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("{\"a\":1}")]);
        return id;
    }

    /// <summary>Begins a change whose write waits until the result is disposed.</summary>
    private async Task<IDisposable> Held(string id, Func<Task> change)
    {
        var writes = silo.Storage.WritesOf(id);
        var held = silo.Storage.Hold(id);
        _ = change();
        await Eventually.Holds(() => Task.FromResult(silo.Storage.WritesOf(id)), count => count > writes);
        return held;
    }

    /// <summary>Reads the twin after an activation whose write failed is gone.</summary>
    private Task<TwinView?> Current(string id) => Eventually.Holds(
        async () =>
        {
            try
            {
                return await silo.Twin(id).Get();
            }
            catch (TwinUnavailableException)
            {
                return null;
            }
        },
        view => view is not null);

    private async Task Deactivated(string id)
    {
        using var broken = silo.Storage.Break(id);
        await Assert.ThrowsAsync<TwinUnavailableException>(() => silo.Twin(id).Write(Messages.Merge("""{"tags":{"x":1}}""")));
        await Eventually.Holds(
            async () =>
            {
                try
                {
                    await silo.Twin(id).Get();
                    return false;
                }
                catch (TwinUnavailableException exception)
                {
                    return exception.Fault == StoreFault.TwinDamaged;
                }
            },
            damaged => damaged);
    }
}
