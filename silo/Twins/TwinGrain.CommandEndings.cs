using System.Collections.Immutable;
using Twins.Contracts.Commands;
using Twins.Contracts.Events;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>How commands end, and how they are forgotten.</summary>
internal sealed partial class TwinGrain
{
    private IGrainTimer? _expiryTimer;

    /// <summary>Makes a command final. Waiters are told when the change is durable.</summary>
    private Command End(Command ended)
    {
        ended = ended with { CompletedAt = Now };
        var known = FindCommand(ended.Id)!;
        var next = State with { Commands = Trimmed(State.Commands.Replace(known, ended)) };
        Change(WithEvent(next, TwinEventKinds.Command, () => TwinEvents.Of(ended), $"-{ended.Id}"));
        if (_endings is not null && _endings.Remove(ended.Id, out var ending))
        {
            // Not awaited here: whoever ends a command persists; this joins that write and tells those who wait.
            _ = TellWhenDurable(ending);
        }

        if (ended.Status == CommandStatus.Answered && FirstTry(ended) is { } firstTry)
        {
            // The device may answer before its link says that it has the command: the sender need not wait for that. Not awaited, as above.
            _ = TellWhenDurable(firstTry);
        }

        return ended;
    }

    private async Task TellWhenDurable(TaskCompletionSource<DeliveryResult> firstTry)
    {
        try
        {
            await Persist();
            firstTry.TrySetResult(DeliveryResult.Delivered);
        }
        catch (TwinUnavailableException)
        {
            // The sender learns it from the twin that is read from the store again.
            firstTry.TrySetResult(DeliveryResult.LinkDown);
        }
    }

    private async Task TellWhenDurable(TaskCompletionSource ending)
    {
        try
        {
            await Persist();
            ending.TrySetResult();
        }
        catch (TwinUnavailableException exception)
        {
            ending.TrySetException(exception);
        }
    }

    private async Task ExpireCommands()
    {
        var now = Now;
        var expired = State.Commands.Where(command => !command.IsFinal && command.ExpiresAt <= now).ToArray();
        if (expired.Length == 0)
        {
            // A read does not wait for the changes of others.
            return;
        }

        foreach (var command in expired)
        {
            End(command with { Status = CommandStatus.TimedOut });
        }

        await Persist();
    }

    private void ScheduleExpiry()
    {
        _expiryTimer?.Dispose();
        _expiryTimer = null;
        var open = State.Commands.Where(command => !command.IsFinal).ToArray();
        if (open.Length == 0)
        {
            return;
        }

        var due = open.Min(command => command.ExpiresAt) - Now;
        _expiryTimer = this.RegisterGrainTimer(
            async _ =>
            {
                await ExpireCommands();
                Pump();
                ScheduleExpiry();
            },
            new GrainTimerCreationOptions(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    private List<TaskCompletionSource> TakeWaiters()
    {
        List<TaskCompletionSource> waiters = [.. _endings?.Values ?? Enumerable.Empty<TaskCompletionSource>()];
        foreach (var delivery in _deliveries?.Values ?? Enumerable.Empty<TaskCompletionSource<DeliveryResult>>())
        {
            delivery.TrySetResult(DeliveryResult.NotConnected);
        }

        _endings = null;
        _deliveries = null;
        return waiters;
    }

    /// <summary>Forgets the oldest ended commands where there are too many, or where they weigh too much.</summary>
    private static ImmutableArray<Command> Trimmed(ImmutableArray<Command> commands)
    {
        var ended = commands.Count(command => command.IsFinal);
        var bytes = commands.Sum(Weight);
        while (ended > MaxEndedCommands || (bytes > MaxCommandBytes && ended > 1))
        {
            var oldest = commands.First(command => command.IsFinal);
            commands = commands.Remove(oldest);
            bytes -= Weight(oldest);
            ended--;
        }

        return commands;
    }

    private static int Weight(Command command) => command.Payload.Length + (command.Response?.Length ?? 0);
}
