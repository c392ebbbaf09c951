using Twins.Contracts;
using Twins.Contracts.Commands;
using Twins.Contracts.Json;
using Twins.Contracts.Links;
using Twins.Contracts.Topics;
using Twins.Contracts.Twins;
using Twins.Silo.Links;

namespace Twins.Silo.Twins;

/// <summary>Requests to the device that want an answer.</summary>
internal sealed partial class TwinGrain
{
    /// <summary>Commands of one twin that wait for an answer; more are answered 429.</summary>
    private const int MaxOpenCommands = 32;

    /// <summary>Commands a twin remembers after their end, newest first to stay.</summary>
    private const int MaxEndedCommands = 32;

    /// <summary>What the remembered commands may weigh together, in bytes of payloads and answers.</summary>
    private const int MaxCommandBytes = 512 * 1024;

    /// <summary>The longest wait of one call: below Orleans' response timeout of 30 s.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    /// <summary>Callers that wait for a command's end, and callers that wait for its first delivery.</summary>
    /// <remarks>Not there before the first: most twins never have one, and there may be a million of them.</remarks>
    private Dictionary<string, TaskCompletionSource>? _endings;
    private Dictionary<string, TaskCompletionSource<DeliveryResult>>? _deliveries;

    public async Task<CommandResult> SendCommand(CommandRequest request)
    {
        ThrowIfFailed();
        ThrowIfDamaged();
        await CorrectPresence();
        if (Refuse(request) is { } problem)
        {
            return await RefusedCommandAsync(problem);
        }

        if (request.IdempotencyKey is { } key && State.Commands.FirstOrDefault(known => known.IdempotencyKey == key) is { } earlier)
        {
            await Persist();
            earlier = VisibleCommand(earlier.Id) ?? earlier;
            return earlier.Name == request.Name && JsonText.AreEqual(earlier.Payload, request.Payload)
                ? new CommandResult(earlier)
                : new CommandResult(null, CommandProblems.KeyReused(key, earlier.Id));
        }

        if (!State.Connection.Online)
        {
            return await RefusedCommandAsync(CommandProblems.Offline(Id, State.Connection.Since));
        }

        if (State.Commands.Count(command => !command.IsFinal) >= MaxOpenCommands)
        {
            return await RefusedCommandAsync(CommandProblems.TooMany(Id, MaxOpenCommands));
        }

        var now = Now;
        var sent = new Command
        {
            Id = SortableId.New(services.Time),
            Name = request.Name,
            Payload = request.Payload,
            Status = CommandStatus.Pending,
            CreatedAt = now,
            ExpiresAt = now + request.Timeout,
            IdempotencyKey = request.IdempotencyKey,
        };
        var delivery = new TaskCompletionSource<DeliveryResult>();
        (_deliveries ??= [])[sent.Id] = delivery;
        Change(State with { Commands = Trimmed(State.Commands.Add(sent)) });
        await Persist();
        ScheduleExpiry();
        Pump();

        // The first try decides what the caller hears; where the link is down the command waits for it.
        await ((Task)delivery.Task).WaitAsync(request.Timeout < LongestWait ? request.Timeout : LongestWait, services.Time).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        _deliveries?.Remove(sent.Id);
        if (_failed)
        {
            // It is stored, and may be with the device: to repeat it is the caller's to decide.
            throw new TwinUnavailableException($"twin {Id} is being read from the store again; command {sent.Id} was sent, ask for it");
        }

        return VisibleCommand(sent.Id) switch
        {
            { Status: CommandStatus.Undeliverable } when delivery.Task is { IsCompletedSuccessfully: true } task && await task == DeliveryResult.NotSubscribed =>
                new CommandResult(null, CommandProblems.NotSubscribed(Id)),
            { Status: CommandStatus.Undeliverable } when delivery.Task is { IsCompletedSuccessfully: true } task && await task is DeliveryResult.TooLarge or DeliveryResult.Refused =>
                new CommandResult(null, CommandProblems.BrokerRefused(Id, State.Connection.Address?.Link, tooLarge: await delivery.Task == DeliveryResult.TooLarge)),
            { Status: CommandStatus.Undeliverable } => new CommandResult(null, CommandProblems.Offline(Id, State.Connection.Since)),
            { } command => new CommandResult(command),
            null => new CommandResult(null, CommandProblems.Unknown(Id, sent.Id)),
        };
    }

    public async Task<CommandResult> GetCommand(string commandId, TimeSpan wait)
    {
        ThrowIfDamaged();
        await BeCurrent();
        ThrowIfNotReadable();
        await WhileStoreWorks(ExpireCommands);
        if (!_durable.Exists)
        {
            return new CommandResult(null, TwinProblems.NoSuchTwin(Id));
        }

        var command = VisibleCommand(commandId);
        if (command is { IsFinal: false } && wait > TimeSpan.Zero)
        {
            _endings ??= [];
            if (!_endings.TryGetValue(commandId, out var ending))
            {
                ending = _endings[commandId] = new TaskCompletionSource();
            }

            await ending.Task.WaitAsync(wait < LongestWait ? wait : LongestWait, services.Time)
                .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            ThrowIfFailed();
            await WhileStoreWorks(ExpireCommands);
            command = VisibleCommand(commandId);
        }

        return command is null ? new CommandResult(null, CommandProblems.Unknown(Id, commandId)) : new CommandResult(command);
    }

    public async Task<Command[]?> GetCommands()
    {
        ThrowIfDamaged();
        await BeCurrent();
        ThrowIfNotReadable();
        await WhileStoreWorks(ExpireCommands);
        return _durable.Exists ? [.. _durable.Commands.Reverse().Select(command => VisibleCommand(command.Id)!)] : null;
    }

    public async Task<CommandResult> CancelCommand(string commandId)
    {
        ThrowIfDamaged();
        ThrowIfFailed();
        await ExpireCommands();
        var command = FindCommand(commandId);
        if (command is null)
        {
            return await RefusedCommandAsync(State.Exists ? CommandProblems.Unknown(Id, commandId) : TwinProblems.NoSuchTwin(Id));
        }

        if (command.IsFinal)
        {
            await Persist();
            return new CommandResult(command, CommandProblems.Ended(command));
        }

        var cancelled = End(command with { Status = CommandStatus.Cancelled });
        await Persist();
        FirstTry(cancelled)?.TrySetResult(DeliveryResult.NotConnected);
        Pump();
        await Try(() => Withdraw(cancelled));
        return new CommandResult(cancelled);
    }

    /// <summary>Takes a cancelled command out of the session that it waits in, behind what is on its way there.</summary>
    private async Task<bool> Withdraw(Command command)
    {
        if ((command.SentTo ?? State.Connection.Address) is { Link: LinkNames.Gateway } address)
        {
            await Egress.Send(new OutgoingMessage
            {
                TwinId = Id,
                Kind = OutgoingMessageKind.Withdrawal,
                Address = address,
                Dialect = State.Connection.Dialect ?? Dialects.NativeDialect.DialectName,
                Body = [],
                CommandId = command.Id,
            });
        }

        return false;
    }

    private Problem? Refuse(CommandRequest request)
    {
        if (!State.Exists)
        {
            return TwinProblems.NoSuchTwin(Id);
        }

        if (!NativeTopics.IsCommandName(request.Name))
        {
            return CommandProblems.BadName(request.Name);
        }

        if (PropertyPath.TryGet(request.Payload, [NativeTopics.ExpiresAtMember], out _))
        {
            return TwinProblems.ReservedName("payload", NativeTopics.ExpiresAtMember);
        }

        if (request.Timeout < ShortestTimeout || request.Timeout > LongestTimeout)
        {
            return CommandProblems.BadTimeout();
        }

        return request.Payload.Length > Options.Limits.CommandBytes ? CommandProblems.TooLarge(request.Payload.Length, Options.Limits.CommandBytes) : null;
    }

    /// <summary>The device's answer.</summary>
    private MessageOutcome Answer(DeviceMessage message)
    {
        var command = FindCommand(message.CommandId!);
        switch (command?.Status)
        {
            case null:
                return MessageOutcome.Rejected(CommandProblems.Unknown(Id, message.CommandId!));
            case CommandStatus.Answered:
                // At least once: the device repeats its answer until it is acknowledged.
                return MessageOutcome.Stale;
            case CommandStatus.Pending or CommandStatus.Sent when command.ExpiresAt > Now:
                Appear(message.Source);
                End(command with { Status = CommandStatus.Answered, ResponseStatus = message.Status, Response = message.Body });
                return MessageOutcome.Applied;
            default:
                return MessageOutcome.Rejected(CommandProblems.TooLate(command));
        }
    }

    /// <summary>The reason may come from a change that is under way: the caller is told when that is durable.</summary>
    private async Task<CommandResult> RefusedCommandAsync(Problem problem)
    {
        await Persist();
        return new CommandResult(null, problem);
    }

    /// <summary>
    /// Returns a command as readers may see it: not before it is durable, and not at its end before that is. That it was sent is known
    /// to the device, and may be told earlier.
    /// </summary>
    private Command? VisibleCommand(string commandId)
    {
        var durable = _durable.Commands.FirstOrDefault(command => command.Id == commandId);
        return durable is { IsFinal: false } && !_failed && FindCommand(commandId) is { IsFinal: false } current ? current : durable;
    }

    private Command? FindCommand(string commandId) => State.Commands.FirstOrDefault(command => command.Id == commandId);
}
