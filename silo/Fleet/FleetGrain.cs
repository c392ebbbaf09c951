using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Twins.Contracts.Fleet;
using Twins.Contracts.Twins;
using Twins.Silo.Fleet.Index;
using Twins.Silo.Hosting;
using Twins.Silo.Storage;

namespace Twins.Silo.Fleet;

/// <summary>
/// Answers questions to all twins: the plain list from the catalog, the others from the partitions of the index. Documents come
/// from the store (<see cref="StoredPages"/>).
/// </summary>
[GrainType("fleet")]
[StatelessWorker]
[Reentrant]
internal sealed partial class FleetGrain(
    IStateStore store, FleetPartitions partitions, Questions questions, StoredPages pages, IOptions<TwinsOptions> options, TimeProvider time) : Grain, IFleetGrain
{
    public Task Check() => store.ListTwinsAsync(after: null, limit: 1);

    public async Task<TwinPage> List(string? after, int limit)
    {
        CheckLimit(limit);
        var views = new List<TwinView>(limit);
        while (true)
        {
            var wanted = limit - views.Count;
            var ids = await store.ListTwinsAsync(after, wanted + 1);
            var more = ids.Length > wanted;
            var page = more ? ids[..wanted] : ids;

            views.AddRange((await pages.ReadAsync(page)).OfType<TwinView>());
            if (!more)
            {
                return new TwinPage([.. views], Next: null);
            }

            after = page[^1];
            if (views.Count == limit)
            {
                return new TwinPage([.. views], Next: after);
            }
        }
    }

    private static void CheckLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
    }
}
