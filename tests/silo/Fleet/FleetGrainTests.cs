using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;
using Twins.Contracts.Twins;
using Twins.Silo.Fleet.Index;
using Twins.Silo.Storage;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

/// <summary>Questions to all twins of a silo, through the grains. Each test has a site of its own.</summary>
[Collection("silo")]
public sealed class FleetGrainTests(SiloFixture silo)
{
    private IFleetGrain Fleet => silo.Grains.GetGrain<IFleetGrain>(0);

    [Fact]
    public async Task A_query_that_carries_the_token_of_a_write_sees_it()
    {
        var site = silo.NewId();
        var id = silo.NewId();
        for (var setpoint = 1; setpoint <= 20; setpoint++)
        {
            var written = await Put(id, site, setpoint);
            Assert.Equal([id], await Find(site, $"eq(desired/setpoint,{setpoint})", written));
        }

        var deleted = await silo.Twin(id).Delete(null);
        Assert.Empty(await Find(site, seen: new RevisionToken(id, deleted.Revision)));
    }

    [Fact]
    public async Task What_changes_is_found_without_a_token_soon()
    {
        var site = silo.NewId();
        var id = silo.NewId();
        await Put(id, site, 1);
        await Eventually.Holds(() => Find(site), found => found is [var only] && only == id);
        await silo.Twin(id).Apply([Messages.Reported("""{"temp":81}""")]);
        await Eventually.Holds(() => Find(site, "gt(reported/temp,80)"), found => found.Length == 1);
        await silo.Twin(id).Delete(null);
        await Eventually.Holds(() => Find(site), found => found.Length == 0);
    }

    [Fact]
    public async Task Pages_counts_and_groups_are_put_together_from_all_partitions()
    {
        var site = silo.NewId();
        var tokens = new List<RevisionToken>();
        for (var i = 0; i < 50; i++)
        {
            tokens.Add(await Put(silo.NewId(), site, i % 10));
        }

        var query = Query(site, seen: tokens[^16..].ToArray()) with { Sort = "-desired/setpoint,+id", Limit = 7 };
        await Eventually.Holds(() => Fleet.Count(query), count => count == 50);
        var found = new List<string>();
        FoundTwin? after = null;
        do
        {
            var page = await Fleet.Query(query with { After = after });
            found.AddRange(page.Twins.Select(twin => twin.Id));
            after = page.Next;
        }
        while (after is not null);

        var expected = tokens.Select((token, i) => (token.TwinId, Setpoint: i % 10))
            .OrderByDescending(twin => twin.Setpoint).ThenBy(twin => twin.TwinId, StringComparer.Ordinal).Select(twin => twin.TwinId);
        Assert.Equal(expected, found);

        var groups = await Fleet.Aggregate(new FleetAggregation { Query = query, Group = "desired/setpoint", Measures = "count,sum(desired/setpoint),min(desired/setpoint)" });
        Assert.Equal(Enumerable.Range(0, 10).Select(setpoint => new SortValue(SortValueKind.Number, setpoint)), groups.Groups!.Select(group => group.Keys[0]));
        Assert.All(groups.Groups!, group => Assert.Equal((5, group.Keys[0].Number * 5), (group.Figures[0].Count, group.Figures[1].Sum)));
    }

    [Fact]
    public async Task Ids_are_found_page_by_page_and_no_twin_comes_into_memory_for_it()
    {
        var site = silo.NewId();
        var ids = Enumerable.Range(0, 5).Select(_ => silo.NewId()).Order(StringComparer.Ordinal).ToArray();
        var tokens = await Task.WhenAll(ids.Select(id => Put(id, site, 1)));
        foreach (var id in ids)
        {
            await silo.Twin(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
        }

        await Eventually.Holds(InMemory, twins => twins.Length == 0);

        var found = new List<string>();
        FoundTwin? after = null;
        do
        {
            var page = await Fleet.Find(Query(site, seen: tokens) with { Limit = 2, After = after });
            Assert.InRange(page.Ids.Length, 1, 2);
            found.AddRange(page.Ids);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(ids, found);
        Assert.Empty(await InMemory());

        // The documents are read from the store, and are what the twins themselves would answer.
        var documents = (await Fleet.Query(Query(site, seen: tokens))).Twins;
        var listed = (await Fleet.List(ids[0][..^1], limit: 200)).Twins;
        Assert.Contains(listed, twin => twin.Id == ids[0]);
        Assert.Empty(await InMemory());
        Assert.Equal(ids, documents.Select(twin => twin.Id));
        foreach (var twin in documents)
        {
            var read = await silo.Twin(twin.Id).Get();
            Assert.Equal(read!.Revision, twin.Revision);
            Assert.Equal(read.Document, twin.Document);
        }

        async Task<GrainId[]> InMemory()
        {
            var all = await silo.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(types: null, hostsIds: null, TestContext.Current.CancellationToken);
            return [.. all.Select(grain => grain.GrainId).Intersect(ids.Select(id => silo.Twin(id).GetGrainId()))];
        }
    }

    [Fact]
    public async Task A_partition_that_is_lost_is_read_from_the_store()
    {
        var site = silo.NewId();
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add(silo.NewId());
            await Put(ids[^1], site, i);
        }

        await silo.Twin(ids[0]).Delete(null);
        for (var shard = 0; shard < TwinShards.Count; shard++)
        {
            await silo.Grains.GetGrain<IFleetPartitionGrain>(shard).AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
        }

        // It waits for what is being read, and never answers with a part.
        Assert.Equal(ids[1..].Order(StringComparer.Ordinal), (await Find(site)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_was_stored_though_the_answer_was_lost_is_found_when_the_twin_is_read_again()
    {
        var site = silo.NewId();
        var id = silo.NewId();
        await Put(id, site, 1);
        using (silo.Storage.Break(id, stored: true))
        {
            await Assert.ThrowsAsync<TwinUnavailableException>(() => silo.Twin(id).Write(Messages.Merge("""{"desired":{"setpoint":2}}""")));
        }

        // Repeating it changes nothing, and succeeds.
        await Eventually.Holds<Exception?>(
            async () => await Record.ExceptionAsync(() => silo.Twin(id).Write(Messages.Merge("""{"desired":{"setpoint":2}}"""))), exception => exception is null);
        await Eventually.Holds(() => Find(site, "eq(desired/setpoint,2)"), found => found is [var only] && only == id);
    }

    [Fact]
    public async Task Partitions_that_read_again_leave_places_to_those_that_do_not_answer_yet()
    {
        using var gate = new ScanGate();
        var again = Enumerable.Range(0, 4).Select(_ => gate.Enter(again: true)).ToArray();
        var first = Enumerable.Range(0, 3).Select(_ => gate.Enter(again: false)).ToArray();
        Assert.Equal(2, again.Count(place => place.IsCompleted));
        Assert.Equal(2, first.Count(place => place.IsCompleted));

        (await again[0]).Dispose();
        await first[2];
        Assert.All(again[2..], place => Assert.False(place.IsCompleted));
    }

    [Fact]
    public async Task While_a_partition_reads_its_shard_there_is_no_half_answer_but_how_far_it_is()
    {
        var site = silo.NewId();
        var id = silo.NewId();
        var made = await Put(id, site, 1);
        Assert.Equal([id], await Find(site, seen: made));

        // Nobody gets to read from the store while all places are taken.
        var gate = silo.Services.GetRequiredService<ScanGate>();
        var places = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => gate.Enter(again: false)));
        await silo.Grains.GetGrain<IFleetPartitionGrain>(TwinShards.Of(id)).AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
        var refused = await Eventually.Holds<Exception?>(async () => await Record.ExceptionAsync(() => Find(site)), exception => exception is not null);

        var rebuilding = Assert.IsType<IndexRebuildingException>(refused);
        Assert.Equal((TwinShards.Count - 1, TwinShards.Count), (rebuilding.Ready, rebuilding.Partitions));
        Array.ForEach(places, place => place.Dispose());
        Assert.Equal([id], await Find(site));
    }

    [Fact]
    public async Task What_a_partition_was_not_told_it_finds_when_it_reads_again()
    {
        var site = silo.NewId();
        var (changed, deleted) = (silo.NewId(), silo.NewId());
        var made = await Put(changed, site, 1);
        await Put(deleted, site, 1);
        await Eventually.Holds(() => Find(site), found => found.Length == 2);

        // As if a silo had died between store and index: what is in the index is of an earlier revision than what is in the store.
        var gone = (await silo.Twin(deleted).Delete(null)).Revision;
        await Eventually.Holds(() => Fleet.Count(Query(site)), count => count == 1);
        var partition = silo.Grains.GetGrain<IFleetPartitionGrain>(TwinShards.Of(deleted));

        // Another activation, which does not know that it was deleted; it does not know a twin either that was never stored.
        var marker = silo.NewId();
        await partition.Update([new IndexedTwin { Id = marker, Revision = 1, Exists = true, Tags = Tags(marker) }]);
        Assert.Equal(1, await Fleet.Count(Query(marker)));
        await partition.AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
        await Eventually.Holds(() => Fleet.Count(Query(marker)), count => count == 0);

        await partition.Update([new IndexedTwin { Id = deleted, Revision = gone - 1, Exists = true, Tags = Tags(site) }]);
        Assert.Equal(2, await Fleet.Count(Query(site)));
        await partition.ReadAgain("test " + silo.NewId());
        await Eventually.Holds(() => Fleet.Count(Query(site)), count => count == 1);
        Assert.Equal([changed], await Find(site, seen: made));
    }

    private static byte[] Tags(string site) => System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["site"] = site }.ToJsonString());

    private async Task<RevisionToken> Put(string id, string site, int setpoint)
    {
        var result = await silo.Twin(id).Write(Messages.Put($$$"""{"tags":{"site":"{{{site}}}"},"desired":{"setpoint":{{{setpoint}}}}}"""));
        return new RevisionToken(id, result.Revision);
    }

    private async Task<string[]> Find(string site, string? and = null, RevisionToken? seen = null) =>
        [.. (await Fleet.Query(Query(site, and, seen is { } token ? [token] : []))).Twins.Select(twin => twin.Id)];

    private static FleetQuery Query(string site, string? and = null, RevisionToken[]? seen = null) => new()
    {
        Filter = and is null ? $"eq(tags/site,\"{site}\")" : $"and(eq(tags/site,\"{site}\"),{and})",
        Limit = 1000,
        Seen = seen ?? [],
        Now = TimeProvider.System.GetUtcNow(),
    };
}
