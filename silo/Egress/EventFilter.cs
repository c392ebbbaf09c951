using Twins.Contracts.Events;
using Twins.Contracts.Query;

namespace Twins.Silo.Egress;

/// <summary>Which events a link hands on, as it is set. Thread-safe.</summary>
/// <param name="filter">What holds for the twin after an event that is handed on.</param>
/// <param name="time">The clock.</param>
internal sealed class EventFilter(Filter filter, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly DocumentFilter _filter = new(filter);

    /// <summary>The filter of a setting that the start-up has checked; null where it is empty, and all events are handed on.</summary>
    public static EventFilter? Of(string setting, TimeProvider time) =>
        setting.Length > 0 && Rql.TryParseFilter(setting, out var filter, out _) ? new EventFilter(filter, time) : null;

    /// <summary>
    /// Whether an event is handed on. One without a document is: of a twin that is gone, or from a silo that does not know of
    /// documents yet, nobody can say, and one event too many is better than one too few.
    /// </summary>
    public bool Holds(TwinEvent twinEvent)
    {
        if (twinEvent.Document is null)
        {
            return true;
        }

        lock (_lock)
        {
            return _filter.Holds(twinEvent.Document, time.GetUtcNow());
        }
    }
}
