using Twins.Contracts.Events;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Egress;

namespace Twins.Silo.Links.Broker;

/// <summary>What happens to twins, told to the broker: by one silo at a time.</summary>
internal sealed partial class BrokerLink : ITwinEventListener
{
    /// <summary>The right to tell events, where silos share the link; it changes hands within seconds.</summary>
    private readonly BrokerLease _telling;

    /// <summary>Which events are told; null for all.</summary>
    private readonly EventFilter? _eventFilter;

    private ITwinEventListener? _listener;

    public async Task OnEvents(TwinEvent[] events)
    {
        foreach (var twinEvent in events.Where(told => _eventFilter?.Holds(told) != false))
        {
            try
            {
                // An event that the broker does not accept is counted, and does not hold up the next.
                if (_connection is not { } connection
                    || await _publisher.Publish(connection, twinEvent.TwinId, _dialect.Encode(twinEvent), mayWaitForRights: false) == DeliveryResult.Busy)
                {
                    throw new TwinUnavailableException($"broker link {_options.Name} does not take events now");
                }
            }
            catch (Exception exception) when (exception is not TwinUnavailableException)
            {
                throw new TwinUnavailableException($"broker link {_options.Name} does not take events now", exception);
            }
        }
    }

    /// <summary>
    /// Has the twins tell this link what happens, also while the broker is down: then they keep it until it is back, and
    /// while another silo takes over, up to what a twin keeps.
    /// </summary>
    private async Task Listen()
    {
        if (!_options.Events || !(Exclusive || await _telling.Take()))
        {
            return;
        }

        try
        {
            _listener ??= _grains.CreateObjectReference<ITwinEventListener>(this);
            await _grains.GetGrain<IEventListenersGrain>(0).Listen($"broker {_options.Name}", _listener, waits: true, documents: _eventFilter is not null);
        }
        catch (Exception exception)
        {
            // Whoever keeps the listeners has just died. The connection is no worse for it.
            NotListening(exception, _options.Name);
        }
    }

    [LoggerMessage(LogEvents.BrokerNotListening, LogLevel.Debug, "Broker link {Name} could not renew that it tells events; it is tried again.")]
    private partial void NotListening(Exception exception, string name);
}
