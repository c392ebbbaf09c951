using System.Globalization;

namespace Twins.Contracts.Fleet;

/// <summary>A query takes longer of a partition of the fleet index than a question may, which does nothing else meanwhile.</summary>
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
