namespace Twins.Faults.Tests;

/// <summary>What a look at a twin has shown, or several looks at least: all of it only ever grows.</summary>
/// <param name="Revision">The twin's revision.</param>
/// <param name="Count">The number that is in every report.</param>
/// <param name="Numbers">The others.</param>
internal sealed record SeenValues(long Revision, long Count, long[] Numbers)
{
    /// <summary>Nothing was seen yet.</summary>
    public static SeenValues None { get; } = new(0, 0, new long[FaultFleet.Numbers]);

    /// <summary>The higher of each.</summary>
    public SeenValues Or(SeenValues other) => new(
        Math.Max(Revision, other.Revision),
        Math.Max(Count, other.Count),
        [.. Numbers.Zip(other.Numbers, Math.Max)]);

    /// <summary>What is less than it was seen to be before.</summary>
    public IEnumerable<string> BehindOf(SeenValues before)
    {
        if (Revision < before.Revision)
        {
            yield return $"revision was {before.Revision} and is {Revision}";
        }

        if (Count < before.Count)
        {
            yield return $"count was {before.Count} and is {Count}";
        }

        for (var number = 0; number < Numbers.Length; number++)
        {
            if (Numbers[number] < before.Numbers[number])
            {
                yield return $"{FaultFleet.Name(number)} was {before.Numbers[number]} and is {Numbers[number]}";
            }
        }
    }
}
