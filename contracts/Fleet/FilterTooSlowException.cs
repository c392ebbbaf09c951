using System.Globalization;

namespace Twins.Contracts.Fleet;

/// <summary>A query exceeds the time limit of a partition of the fleet index; the partition can do nothing else while it scans.</summary>
[GenerateSerializer, Alias("twins.filter-too-slow")]
public sealed class FilterTooSlowException : Exception
{
    /// <summary>Makes it.</summary>
    /// <param name="most">How long it may take.</param>
    public FilterTooSlowException(TimeSpan most)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"the query takes more than {most.TotalSeconds:0.#} s of a partition of the fleet index; ask with fewer conditions on texts, like and ilike above all, or put beside them into and(…) what leaves fewer twins to look at"))
    {
    }
}
