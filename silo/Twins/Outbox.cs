using Twins.Contracts.Events;

namespace Twins.Silo.Twins;

/// <summary>
/// What a twin keeps in memory, and only there, about what has to leave it: made when something first does. Only for the grain's own
/// thread.
/// </summary>
/// <param name="events">Hands over events; true if it has to be tried again later.</param>
/// <param name="device">Hands over what the device gets.</param>
internal sealed class Outbox(Func<Task<bool>> events, Func<Task<bool>> device)
{
    /// <summary>
    /// States that are remembered for events. Events that wait for longer get the document of a later one: 64 states of each
    /// twin, while a broker is down, would be more than all else that is kept of it.
    /// </summary>
    private const int MaxStates = 16;

    private List<(TwinEvent Event, TwinState State)>? _states;

    /// <summary>The ways out; neither waits for the other.</summary>
    public Outlet[] Outlets { get; } = [new(events), new(device)];

    /// <summary>Something was not taken, and is to be tried again later.</summary>
    public bool Waits => Array.Exists(Outlets, outlet => outlet.Waits);

    /// <summary>Remembers what the twin was like right after an event.</summary>
    public void Remember(TwinEvent twinEvent, TwinState state)
    {
        _states ??= [];
        if (_states.Count == MaxStates)
        {
            _states.RemoveAt(0);
        }

        _states.Add((twinEvent, state));
    }

    /// <summary>What the twin was like right after an event, or soon after it; null where that is not known.</summary>
    public TwinState? StateAfter(TwinEvent twinEvent)
    {
        if (_states is null)
        {
            return null;
        }

        var own = _states.FindIndex(known => ReferenceEquals(known.Event, twinEvent));
        own = own >= 0 ? own : _states.FindIndex(known => known.Event.Revision >= twinEvent.Revision);
        return own >= 0 ? _states[own].State : null;
    }

    /// <summary>The events have left, or never will.</summary>
    public void Forget(params ReadOnlySpan<TwinEvent> gone)
    {
        foreach (var twinEvent in gone)
        {
            if (_states?.FindIndex(known => ReferenceEquals(known.Event, twinEvent)) is >= 0 and var index)
            {
                _states.RemoveAt(index);
            }
        }

        if (_states is { Count: 0 })
        {
            _states = null;
        }
    }
}
