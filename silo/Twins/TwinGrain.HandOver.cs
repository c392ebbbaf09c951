using Twins.Contracts.Commands;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Links;

namespace Twins.Silo.Twins;

/// <summary>
/// Commands on their way to the device: in their order, and again until the device, or its broker, has acknowledged
/// them. The id tells a repetition.
/// </summary>
internal sealed partial class TwinGrain
{
    /// <summary>
    /// How long a device may take from one silo to another, with its subscriptions: for so long a command that was
    /// taken for a device which is there waits for it rather than being refused.
    /// </summary>
    private static readonly TimeSpan MoveTakes = TimeSpan.FromSeconds(2);

    /// <summary>When the device appeared where it hangs; a timestamp of the clock.</summary>
    private long _appearedAt;

    /// <summary>When the first of the commands that wait for a device on its way is refused.</summary>
    private DateTimeOffset? _refusalDue;

    public Task CommandsAcknowledged(MessageSource source, string[] commandIds)
    {
        ThrowIfFailed();
        if (FencedBy(source, call: 0) is not null)
        {
            return Task.CompletedTask;
        }

        foreach (var commandId in commandIds)
        {
            if (FindCommand(commandId) is { IsFinal: false, AcknowledgedAt: null } known)
            {
                // It may come before the gateway's answer that it has taken the command. It is not worth a write of its
                // own: lost with this activation, it costs a repetition.
                Tidy(State with { Commands = State.Commands.Replace(known, known with { Status = CommandStatus.Sent, AcknowledgedAt = Now }) });
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// The device has come back to the same gateway with a session that begins with nothing: what it has not acknowledged
    /// went with the one before.
    /// </summary>
    private void SendAgainWhatWasSentTo(LinkAddress address)
    {
        foreach (var command in State.Commands)
        {
            if (command is { Status: CommandStatus.Sent, AcknowledgedAt: null } && command.SentTo == address)
            {
                Tidy(State with { Commands = State.Commands.Replace(command, command with { Status = CommandStatus.Pending, SentTo = null }) });
            }
        }
    }

    /// <summary>It is stored, and has to be handed over: for the first time, or again because the device has moved.</summary>
    private bool IsDue(Command stored) =>
        !stored.IsFinal
        && FindCommand(stored.Id) is { IsFinal: false, AcknowledgedAt: null } command
        && command.ExpiresAt > Now
        && (command.Status == CommandStatus.Pending || IsElsewhere(command));

    /// <summary>
    /// The device hangs elsewhere than where it was sent to. In the same place the gateway's session, or the broker,
    /// repeats it.
    /// </summary>
    private bool IsElsewhere(Command command) =>
        command.SentTo is { } there && State.Connection is { Online: true, Address: { } here } && here != there;

    /// <summary>Hands over what is due, up to the first that can not be: no command overtakes an earlier one.</summary>
    private async Task<bool> HandOverCommands()
    {
        var stored = _durable.Commands;
        foreach (var command in stored)
        {
            if (!IsDue(command))
            {
                continue;
            }

            var result = await HandOver(command);
            switch (result)
            {
                case DeliveryResult.Delivered:
                    break;
                case DeliveryResult.NotConnected or DeliveryResult.NotSubscribed:
                    if (await Refuse(stored.Where(IsDue), result))
                    {
                        return true;
                    }

                    if (IsDue(command))
                    {
                        // It waits for its device, which attaches.
                        return false;
                    }

                    break;
                case DeliveryResult.TooLarge or DeliveryResult.Refused:
                    await SetAside(command, result);
                    break;
                default:
                    foreach (var waiting in stored.Where(IsDue))
                    {
                        FirstTry(waiting)?.TrySetResult(result);
                    }

                    return true;
            }
        }

        return false;
    }

    private async Task<DeliveryResult> HandOver(Command command)
    {
        if (State.Connection is not { Online: true, Address: { } believed })
        {
            return DeliveryResult.NotConnected;
        }

        var (result, address) = await Send(OutgoingMessageKind.Command, believed, command.Payload, command);
        if (result != DeliveryResult.Delivered)
        {
            return result;
        }

        if (FindCommand(command.Id) is { IsFinal: false, AcknowledgedAt: null } known)
        {
            var sent = known with
            {
                Status = CommandStatus.Sent,
                SentTo = address,
                // A broker keeps it from now on. What a gateway has taken is in a session in memory.
                AcknowledgedAt = address.Link == LinkNames.Gateway ? null : Now,
            };
            Tidy(State with { Commands = State.Commands.Replace(known, sent) });
        }

        FirstTry(command)?.TrySetResult(result);
        return result;
    }

    /// <summary>
    /// The device is not there, or does not listen: commands whose senders wait for the first try end, unless the device
    /// may be on its way. Others wait for it.
    /// </summary>
    /// <returns>One is to be tried again soon.</returns>
    private async Task<bool> Refuse(IEnumerable<Command> due, DeliveryResult result)
    {
        var soon = false;
        _refusalDue = null;
        foreach (var command in due.ToArray())
        {
            if (FirstTry(command) is not { } firstTry || FindCommand(command.Id) is not { IsFinal: false } known)
            {
                continue;
            }

            if (MayComeYet(known, result))
            {
                soon = true;
                var end = EndOfGrace(known);
                _refusalDue = _refusalDue < end ? _refusalDue : end;
                continue;
            }

            End(known with { Status = CommandStatus.Undeliverable });
            await Persist();
            firstTry.TrySetResult(result);
        }

        return soon;
    }

    /// <summary>The broker does not accept the command: it ends, and the next one is handed over.</summary>
    private async Task SetAside(Command command, DeliveryResult result)
    {
        if (FindCommand(command.Id) is { IsFinal: false } known)
        {
            End(known with { Status = CommandStatus.Undeliverable });
            await Persist();
        }

        FirstTry(command)?.TrySetResult(result);
    }

    private bool MayComeYet(Command command, DeliveryResult result) =>
        Now < EndOfGrace(command)
        && (result == DeliveryResult.NotConnected || services.Time.GetElapsedTime(_appearedAt) < MoveTakes);

    /// <summary>At half of the time that the command has, so that its sender is told the reason and not that time is over.</summary>
    private static DateTimeOffset EndOfGrace(Command command)
    {
        var half = (command.ExpiresAt - command.CreatedAt) / 2;
        return command.CreatedAt + (half < MoveTakes ? half : MoveTakes);
    }

    private TaskCompletionSource<DeliveryResult>? FirstTry(Command command) => _deliveries?.GetValueOrDefault(command.Id);
}
