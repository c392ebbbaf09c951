using System.Buffers;
using System.Globalization;
using System.Text;
using Twins.Contracts.Commands;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Egress;
using Twins.Silo.Links;

namespace Twins.Silo.Twins;

/// <summary>
/// What has to leave after a change. It is part of the state until it is handed over, so that one write makes both
/// durable and a crash in between repeats it rather than loses it.
/// </summary>
internal sealed partial class TwinGrain
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    private Outbox? _outbox;

    /// <summary>The device has just subscribed and wants the delta, whether or not it has changed.</summary>
    private bool _desiredWanted;

    /// <summary>Something was handed over since the last write: worth writing once before the grain goes.</summary>
    private bool _untidy;

    private IGrainTimer? _retryTimer;
    private TimeSpan _retryDelay = FirstRetry;

    private IMqttEgressGrain Egress => GrainFactory.GetGrain<IMqttEgressGrain>(EgressShards.Of(Id));

    private Outbox NeedOutbox() => _outbox ??= new Outbox(() => Try(HandOverEvents), () => Try(HandOverToDevice));

    /// <summary>Notes whether the device must be told a new delta.</summary>
    private static TwinState WithDelta(TwinState before, TwinState next)
    {
        var desiredChanged = !ReferenceEquals(before.Desired, next.Desired);
        if (!desiredChanged && next.Desired.Length == EmptySection.Bytes.Length)
        {
            return next;
        }

        var delta = next.Delta();
        var changed = !delta.AsSpan().SequenceEqual(before.Delta());
        if (!changed && delta.Length == EmptySection.Bytes.Length)
        {
            // The device had nothing to do before and has nothing to do now.
            return next;
        }

        // A device that has just done as desired knows it; a broker's retained message has to be told.
        var converged = delta.Length == EmptySection.Bytes.Length && !desiredChanged && next.Connection.Address?.Link == LinkNames.Gateway;
        return changed || desiredChanged ? next with { DesiredPending = !converged } : next;
    }

    private void Pump()
    {
        if (_failed || !HasDue())
        {
            return;
        }

        foreach (var outlet in NeedOutbox().Outlets)
        {
            // Not awaited: callers are acknowledged for what is durable, not for what is handed over. Neither waits for
            // the other: a listener that is slow must not hold up a command. Each ends by itself and catches what happens.
            _ = Open(outlet);
        }
    }

    private bool HasDue() =>
        !_durable.Events.IsEmpty || _durable.DesiredPending || _desiredWanted || _durable.Commands.Any(IsDue);

    private async Task Open(Outlet outlet)
    {
        await outlet.Open(() => !_failed);
        Retry(_outbox!.Waits);
    }

    /// <summary>Hands something over; true if it has to be tried again.</summary>
    private async Task<bool> Try(Func<Task<bool>> handOver)
    {
        try
        {
            return await handOver();
        }
        catch (TwinUnavailableException exception)
        {
            OutboxWaits(services.Logger, exception, Id);
            return true;
        }
        catch (Exception exception)
        {
            OutboxFailed(services.Logger, exception, Id);
            return true;
        }
    }

    /// <summary>
    /// The delta first, then commands: what was desired before a command was sent reaches the device before it. As long
    /// as the delta waits, commands do.
    /// </summary>
    private async Task<bool> HandOverToDevice() => await HandOverDesired() || await HandOverCommands();

    private async Task<bool> HandOverDesired()
    {
        if (!_durable.Exists && _durable.DesiredPending)
        {
            return await ClearRetained();
        }

        if (!_durable.Exists || !(_durable.DesiredPending && State.DesiredPending) && !_desiredWanted)
        {
            return false;
        }

        var state = _durable;
        var wanted = _desiredWanted;
        _desiredWanted = false;
        var addresses = DesiredGoesTo(State.Connection);
        var delta = state.Delta();
        if (addresses.Length == 0 || (!state.DesiredPending && delta.Length == EmptySection.Bytes.Length))
        {
            return false;
        }

        try
        {
            foreach (var address in addresses)
            {
                var (result, _) = await Send(OutgoingMessageKind.Desired, address, WithRevision(delta, state.Revision), revision: state.Revision);
                if (result is DeliveryResult.Busy or DeliveryResult.LinkDown or DeliveryResult.Moved)
                {
                    _desiredWanted |= wanted;
                    return true;
                }
            }
        }
        catch (Exception)
        {
            // It is tried again, whether or not it has changed.
            _desiredWanted |= wanted;
            throw;
        }

        if (State.DesiredPending && ReferenceEquals(State.Desired, state.Desired) && delta.AsSpan().SequenceEqual(State.Delta()))
        {
            Tidy(State with { DesiredPending = false });
        }

        return false;
    }

    /// <summary>
    /// Sends to the device where it hangs. Where it has moved meanwhile, the twin has been told, and it is sent once more.
    /// </summary>
    /// <returns>What became of it, and where it was sent in the end.</returns>
    private async Task<(DeliveryResult Result, LinkAddress Address)> Send(OutgoingMessageKind kind, LinkAddress address, byte[] body, Command? command = null, long revision = 0)
    {
        var message = new OutgoingMessage
        {
            TwinId = Id,
            Kind = kind,
            Address = address,
            Dialect = State.Connection.Dialect ?? Dialects.NativeDialect.DialectName,
            Body = body,
            CommandName = command?.Name,
            CommandId = command?.Id,
            ExpiresAt = command?.ExpiresAt,
            Revision = revision,
        };
        var result = await Egress.Send(message);
        if (result == DeliveryResult.Moved && State.Connection is { Online: true, Address: { } moved } && moved != address)
        {
            message = message with { Address = moved };
            result = await Egress.Send(message);
        }

        return (result, message.Address);
    }

    /// <summary>
    /// Clears the retained messages that the platform has published for a deleted twin: an empty retained message removes one
    /// (MQTT-3.3.1-6). All brokers are told, because the device may have been on any of them.
    /// </summary>
    /// <returns>A broker could not be told; it has to be tried again.</returns>
    private async Task<bool> ClearRetained()
    {
        foreach (var broker in BrokerAddresses())
        {
            if (State.Exists || !State.DesiredPending)
            {
                break;
            }

            var (result, _) = await Send(OutgoingMessageKind.Desired, broker, body: [], revision: State.Revision);
            if (result is DeliveryResult.Busy or DeliveryResult.LinkDown)
            {
                return true;
            }
        }

        if (!State.Exists && State.DesiredPending)
        {
            Tidy(State with { DesiredPending = false });
        }

        return false;
    }

    private LinkAddress[] BrokerAddresses() => [.. Options.Mqtt.Brokers.Select(broker => new LinkAddress(broker.Name, ""))];

    private LinkAddress[] DesiredGoesTo(TwinConnection connection) => connection.Address switch
    {
        // Never seen: it may hang on any broker, where the retained message waits for it.
        null => BrokerAddresses(),
        // Away from the gateway: it gets the delta once, as it is then, when it comes back.
        { Link: LinkNames.Gateway } when !connection.Online => [],
        var address => [address],
    };

    /// <summary>Puts <c>$revision</c> behind the members of the delta.</summary>
    private static byte[] WithRevision(byte[] delta, long revision)
    {
        var buffer = new ArrayBufferWriter<byte>(delta.Length + 40);
        buffer.Write(delta.AsSpan(0, delta.Length - 1));
        var comma = delta.Length > EmptySection.Bytes.Length ? "," : "";
        buffer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{comma}\"$revision\":{revision}}}")));
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The state without what was handed over; written with the next change, or before the grain goes.</summary>
    private void Tidy(TwinState state)
    {
        store.State = state;
        _untidy = true;
    }

    private void Retry(bool needed)
    {
        if (!needed || _failed)
        {
            _retryTimer?.Dispose();
            _retryTimer = null;
            _retryDelay = FirstRetry;
            return;
        }

        if (_retryTimer is not null && _refusalDue is null)
        {
            return;
        }

        // Jitter, so that the twins of a link that returns do not all come at once.
        var due = _retryDelay * (0.75 + (Random.Shared.NextDouble() / 2));
        _retryDelay = TimeSpan.FromTicks(Math.Min(_retryDelay.Ticks * 2, LongestRetry.Ticks));
        if (_refusalDue - Now is { } untilRefusal && untilRefusal < due)
        {
            due = untilRefusal > TimeSpan.Zero ? untilRefusal : TimeSpan.Zero;
        }

        _refusalDue = null;
        _retryTimer?.Dispose();
        _retryTimer = this.RegisterGrainTimer(
            _ =>
            {
                _retryTimer?.Dispose();
                _retryTimer = null;
                Pump();
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    [LoggerMessage(LogEvents.TwinOutboxFailed, LogLevel.Warning, "What twin {TwinId} has to tell could not be handed over; it is tried again.")]
    private static partial void OutboxFailed(ILogger logger, Exception exception, string twinId);

    [LoggerMessage(LogEvents.TwinOutboxWaits, LogLevel.Debug, "What twin {TwinId} has to tell waits.")]
    private static partial void OutboxWaits(ILogger logger, Exception exception, string twinId);
}
