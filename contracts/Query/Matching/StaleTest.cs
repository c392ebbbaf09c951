namespace Twins.Contracts.Query.Matching;

/// <summary><c>stale</c>.</summary>
internal sealed class StaleTest(PathSlot property, TimesSlot times, TimeSpan age) : FilterTest
{
    internal override bool Holds() => property.Exists && times.AreBefore((times.Reading.Now - age).ToUnixTimeMilliseconds());
}
