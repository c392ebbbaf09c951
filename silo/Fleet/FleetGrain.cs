using Orleans.Concurrency;
using Twins.Contracts.Fleet;
using Twins.Contracts.Twins;
using Twins.Silo.Storage;

namespace Twins.Silo.Fleet;

/// <summary>Lists twins by reading the catalog and asking each twin for its document.</summary>
[StatelessWorker]
internal sealed class FleetGrain(TwinCatalog catalog) : Grain, IFleetGrain
{
    public async Task<TwinPage> List(string? after, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);

        var twins = new List<TwinView>(limit);
        while (true)
        {
            var wanted = limit - twins.Count;
            var ids = await catalog.Page(after, wanted + 1);
            var more = ids.Count > wanted;
            var page = more ? ids[..wanted] : ids;

            var views = await Task.WhenAll(page.Select(id => GrainFactory.GetGrain<ITwinGrain>(id).Get()));
            twins.AddRange(views.OfType<TwinView>());
            if (!more)
            {
                return new TwinPage([.. twins], Next: null);
            }

            after = page[^1];
            if (twins.Count == limit)
            {
                return new TwinPage([.. twins], Next: after);
            }
        }
    }
}
