using Twins.Contracts.Fleet;

namespace Twins.Api.Tests.Fakes;

internal sealed class FakeFleet(FakeGrains grains) : IFleetGrain
{
    public async Task<TwinPage> List(string? after, int limit)
    {
        var rest = grains.Twins
            .Where(twin => after is null || string.CompareOrdinal(twin.Id, after) > 0)
            .OrderBy(twin => twin.Id, StringComparer.Ordinal)
            .Take(limit + 1)
            .ToArray();
        var page = await Task.WhenAll(rest.Take(limit).Select(twin => twin.Get()));
        return new TwinPage(page!, rest.Length > limit ? page[^1]!.Id : null);
    }
}
