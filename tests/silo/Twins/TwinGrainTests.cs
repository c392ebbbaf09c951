using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Twins.Contracts.Twins;
using Twins.Silo.Storage;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Twins;

[Collection("silo")]
public sealed class TwinGrainTests(SiloFixture silo)
{
    [Fact]
    public async Task A_first_message_makes_the_twin()
    {
        var id = silo.NewId();
        Assert.Null(await silo.Twin(id).Get());

        var outcome = await silo.Twin(id).Apply([Messages.Reported("""{"rpm":1450}""")]);

        Assert.Equal(MessageOutcomeKind.Applied, Assert.Single(outcome).Kind);
        var twin = await Document(id);
        Assert.Equal(1, (long)twin["revision"]!);
        Assert.Equal(1450, (int)twin["reported"]!["rpm"]!);
        Assert.Equal("online", (string)twin["connection"]!["status"]!);
        Assert.NotNull(twin["metadata"]!["reported"]!["rpm"]!["at"]);
    }

    [Fact]
    public async Task Nothing_is_shown_before_it_is_durable()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("""{"v":1}""")]);
        Task<MessageOutcome[]> applying;
        using (silo.Storage.Hold(id))
        {
            var writes = silo.Storage.WritesOf(id);
            applying = silo.Twin(id).Apply([Messages.Reported("""{"v":2}""")]);
            await Eventually.Holds(() => Task.FromResult(silo.Storage.WritesOf(id)), count => count > writes);

            Assert.Equal(1, (int)(await Document(id))["reported"]!["v"]!);
            Assert.False(applying.IsCompleted);
        }

        await applying;
        Assert.Equal(2, (int)(await Document(id))["reported"]!["v"]!);
    }

    [Fact]
    public async Task Changes_that_wait_share_a_write()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("""{"n":0}""")]);
        var before = silo.Storage.WritesOf(id);
        Task[] applying;
        using (silo.Storage.Hold(id))
        {
            applying = [.. Enumerable.Range(1, 200).Select(n => silo.Twin(id).Apply([Messages.Reported($$"""{"n":{{n}}}""")]))];
            await Eventually.Holds(() => Task.FromResult(silo.Storage.WritesOf(id)), count => count > before);
        }

        await Task.WhenAll(applying);
        Assert.Equal(201, (long)(await Document(id))["revision"]!);
        Assert.InRange(silo.Storage.WritesOf(id) - before, 1, 20);
    }

    [Fact]
    public async Task A_failed_write_fails_those_who_wait_and_leaves_what_was_durable()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("""{"v":1}""")]);
        using (silo.Storage.Break(id))
        {
            await Assert.ThrowsAsync<TwinUnavailableException>(() => silo.Twin(id).Apply([Messages.Reported("""{"v":2}""")]));
        }

        var read = await Eventually.Holds(() => Try(() => Document(id)), document => document is not null);
        Assert.Equal(1, (int)read!["reported"]!["v"]!);
        await silo.Twin(id).Apply([Messages.Reported("""{"v":3}""")]);
        Assert.Equal(2, (long)(await Document(id))["revision"]!);
    }

    [Fact]
    public async Task After_a_storage_conflict_the_twin_is_read_again()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("""{"v":1}""")]);
        using (silo.Storage.Break(id, () => new Orleans.Storage.InconsistentStateException("somebody else wrote")))
        {
            await Assert.ThrowsAsync<TwinUnavailableException>(() => silo.Twin(id).Write(Messages.Merge("""{"tags":{"a":1}}""")));
        }

        var result = await Eventually.Holds(() => Try(() => silo.Twin(id).Write(Messages.Merge("""{"tags":{"a":1}}"""))), result => result is not null);
        Assert.Equal(2, result!.Revision);
    }

    [Fact]
    public async Task Message_during_a_delete_creates_the_twin_again()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("""{"v":1}""")]);
        var writes = silo.Storage.WritesOf(id);
        Task<TwinWriteResult> deleting;
        Task<MessageOutcome[]> applying;
        using (silo.Storage.Hold(id))
        {
            deleting = silo.Twin(id).Delete(null);
            await Eventually.Holds(() => Task.FromResult(silo.Storage.WritesOf(id)), count => count == writes + 1);
            applying = silo.Twin(id).Apply([Messages.Reported("""{"v":2}""")]);
            Assert.False(deleting.IsCompleted);
        }

        Assert.Equal(2, (await deleting).Revision);
        Assert.Equal(MessageOutcomeKind.Applied, Assert.Single(await applying).Kind);
        Assert.Equal(3, (long)(await Document(id))["revision"]!);
        Assert.Contains(id, await Listed());
    }

    [Fact]
    public async Task Revisions_go_on_after_a_delete()
    {
        var id = silo.NewId();
        await silo.Twin(id).Write(Messages.Put("""{"tags":{"a":1}}"""));
        var deleted = await silo.Twin(id).Delete(ifRevision: 1);
        Assert.Equal(2, deleted.Revision);
        Assert.Null(await silo.Twin(id).Get());
        Assert.Equal(404, (await silo.Twin(id).Delete(null)).Problem!.Status);

        var created = await silo.Twin(id).Write(Messages.Put("{}"));
        Assert.True(created.Created);
        Assert.Equal(3, created.Revision);
    }

    [Fact]
    public async Task A_late_message_changes_only_what_it_is_newest_for()
    {
        var id = silo.NewId();
        var order = (ulong seq) => new MessageOrder(7, seq, null);
        await silo.Twin(id).Apply([Messages.Reported("""{"a":10}""", order(10))]);

        var late = await silo.Twin(id).Apply([Messages.Reported("""{"a":9,"b":9}""", order(9))]);
        var again = await silo.Twin(id).Apply([Messages.Reported("""{"a":10}""", order(10))]);

        Assert.Equal(MessageOutcomeKind.Applied, late[0].Kind);
        Assert.Equal(MessageOutcomeKind.Stale, again[0].Kind);
        var twin = await Document(id);
        Assert.Equal("""{"a":10,"b":9}""", twin["reported"]!.ToJsonString());
        Assert.Equal(2, (long)twin["revision"]!);
    }

    [Fact]
    public async Task A_duplicate_costs_no_write()
    {
        var id = silo.NewId();
        var message = Messages.Reported("""{"a":1}""", new MessageOrder(1, 1, null));
        await silo.Twin(id).Apply([message]);
        var writes = silo.Storage.WritesOf(id);

        await silo.Twin(id).Apply([message, message]);

        Assert.Equal(writes, silo.Storage.WritesOf(id));
    }

    [Fact]
    public async Task A_property_topic_replaces_what_the_property_held()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("""{"motor":{"rpm":1,"t":2},"x":1}""")]);

        await silo.Twin(id).Apply([Messages.Property("motor", """{"rpm":3}""")]);
        await silo.Twin(id).Apply([Messages.Property("motor/load/percent", "80")]);

        Assert.Equal("""{"motor":{"rpm":3,"load":{"percent":80}},"x":1}""", (await Document(id))["reported"]!.ToJsonString());
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_the_rest_is_kept()
    {
        var id = silo.NewId();
        var large = $$"""{"large":"{{new string('x', 60_000)}}"}""";
        await silo.Twin(id).Apply([Messages.Reported(large)]);

        var outcomes = await silo.Twin(id).Apply([Messages.Reported($$"""{"more":"{{new string('y', 10_000)}}"}"""), Messages.Reported("""{"ok":1}""")]);

        Assert.Equal("section-too-large", outcomes[0].Problem!.Code);
        Assert.Equal(MessageOutcomeKind.Applied, outcomes[1].Kind);
        Assert.Equal(1, (int)(await Document(id))["reported"]!["ok"]!);
    }

    [Fact]
    public async Task A_write_that_changes_nothing_keeps_the_revision()
    {
        var id = silo.NewId();
        var first = await silo.Twin(id).Write(Messages.Put("""{"desired":{"setpoint":40}}"""));
        var again = await silo.Twin(id).Write(Messages.Put("""{"desired":{"setpoint":40}}"""));
        Assert.Equal(first.Revision, again.Revision);
    }

    [Fact]
    public async Task A_wrong_revision_is_refused()
    {
        var id = silo.NewId();
        await silo.Twin(id).Write(Messages.Put("{}"));
        var refused = await silo.Twin(id).Write(Messages.Merge("""{"a":1}""", "tags") with { IfRevision = 7 });
        Assert.Equal(412, refused.Problem!.Status);
        Assert.Equal(1, refused.Revision);
    }

    private Task<string[]> Listed() => silo.Services.GetRequiredService<IStateStore>().ListTwinsAsync(after: null, limit: int.MaxValue);

    private async Task<JsonNode> Document(string id)
    {
        var view = await silo.Twin(id).Get();
        Assert.NotNull(view);
        return JsonNode.Parse(Encoding.UTF8.GetString(view.Document))!;
    }

    private static async Task<T?> Try<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (TwinUnavailableException)
        {
            return null;
        }
    }
}
