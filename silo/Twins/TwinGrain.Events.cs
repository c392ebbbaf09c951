using System.Globalization;
using Twins.Contracts.Events;

namespace Twins.Silo.Twins;

/// <summary>What is told to those who listen: kept with the state until all have it, with the document beside it where one of them wants that.</summary>
internal sealed partial class TwinGrain
{
    /// <summary>Events kept for listeners that do not take them; beyond, the oldest go, and are counted.</summary>
    private const int MaxEvents = 64;

    /// <summary>The state with an event to tell, where somebody listens.</summary>
    /// <param name="state">The twin after what happened.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="data">The event's data.</param>
    /// <param name="suffix">What tells events of a kind apart that have the same revision.</param>
    /// <param name="last">What the document of the event is made of, where it is not <paramref name="state"/>.</param>
    private TwinState WithEvent(TwinState state, string kind, Func<byte[]> data, string? suffix = null, TwinState? last = null)
    {
        if (!services.Listeners.Any)
        {
            return state;
        }

        var events = state.Events;
        if (events.Length >= MaxEvents)
        {
            services.Listeners.Dropped();
            _outbox?.Forget(events[0]);
            events = events.RemoveAt(0);
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"{state.Revision}-{kind}{suffix}");
        var twinEvent = new TwinEvent(Id, id, kind, state.Revision, Now, data());
        if (services.Listeners.WantDocuments)
        {
            NeedOutbox().Remember(twinEvent, last ?? state);
        }

        return state with { Events = events.Add(twinEvent) };
    }

    private async Task<bool> HandOverEvents()
    {
        while (!_durable.Events.IsEmpty && !State.Events.IsEmpty)
        {
            var due = State.Events.Where(_durable.Events.Contains).ToArray();
            if (due.Length == 0)
            {
                break;
            }

            await Egress.Publish(services.Listeners.WantDocuments ? Array.ConvertAll(due, WithDocument) : due);
            _outbox?.Forget(due);
            Tidy(State with { Events = State.Events.RemoveRange(due) });
        }

        return false;
    }

    /// <summary>
    /// The event with the document as it was then. After a crash nobody remembers that: then as it is now, which is what who reads
    /// the twin would find.
    /// </summary>
    private TwinEvent WithDocument(TwinEvent twinEvent)
    {
        // One that is remembered for a later event may not be durable yet.
        var state = _outbox?.StateAfter(twinEvent) is { } after && after.Revision <= _durable.Revision ? after : _durable;
        return !state.Exists ? twinEvent : twinEvent with
        {
            Document = state.Revision == _durable.Revision && _document is not null ? _document : TwinDocument.ForApplications(Id, state),
        };
    }
}
