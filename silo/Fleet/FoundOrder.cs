using Twins.Contracts.Fleet;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet;

/// <summary>The order of a query: its keys one after the other, then ids.</summary>
internal sealed class FoundOrder(SortKey[] sort) : IComparer<FoundTwin>
{
    public int Compare(FoundTwin? x, FoundTwin? y)
    {
        for (var i = 0; i < sort.Length; i++)
        {
            var order = SortValue.Compare(x!.Keys[i], y!.Keys[i], sort[i].Descending);
            if (order != 0)
            {
                return order;
            }
        }

        return string.CompareOrdinal(x!.Id, y!.Id);
    }
}
