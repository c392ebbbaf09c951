using Twins.Contracts;
using Twins.Contracts.Commands;
using Twins.Contracts.Twins;

namespace Twins.Api.Tests.Fakes;

internal sealed partial class FakeTwin
{
    private readonly List<Command> _commands = [];
    private readonly Dictionary<string, TaskCompletionSource> _endings = new(StringComparer.Ordinal);

    /// <summary>What the next commands meet instead of being sent.</summary>
    public Problem? CommandProblem { get; set; }

    /// <summary>What the device answers at once; null leaves the command open.</summary>
    public (int Status, string Body)? Answer { get; set; }

    public CommandRequest? LastRequest { get; private set; }

    public int Sent => _commands.Count;

    /// <summary>The longest wait that <see cref="GetCommand"/> was asked for.</summary>
    public TimeSpan LongestWait { get; private set; }

    /// <summary>Called with each command that is sent.</summary>
    public Action<Command>? OnSent { get; set; }

    public Task<CommandResult> SendCommand(CommandRequest request)
    {
        lock (_lock)
        {
            LastRequest = request;
            if (!Exists || CommandProblem is not null)
            {
                return Task.FromResult(new CommandResult(null, CommandProblem ?? NotFound()));
            }

            if (request.IdempotencyKey is not null && _commands.Find(known => known.IdempotencyKey == request.IdempotencyKey) is { } before)
            {
                return Task.FromResult(before.Name == request.Name && before.Payload.AsSpan().SequenceEqual(request.Payload)
                    ? new CommandResult(before)
                    : new CommandResult(null, new Problem(422, "idempotency-key-reused", "the key was used for another command")));
            }

            var now = DateTimeOffset.UtcNow;
            var command = new Command
            {
                Id = $"01KE0QZJ6E4Q0V7T8M2N5R{_commands.Count:d4}",
                Name = request.Name,
                Payload = request.Payload,
                Status = CommandStatus.Sent,
                CreatedAt = now,
                ExpiresAt = now + request.Timeout,
                IdempotencyKey = request.IdempotencyKey,
            };
            _commands.Add(command);
            if (Answer is var (status, body))
            {
                command = End(command with { Status = CommandStatus.Answered, ResponseStatus = status, Response = Utf8(body) });
            }

            OnSent?.Invoke(command);
            return Task.FromResult(new CommandResult(command));
        }
    }

    public async Task<CommandResult> GetCommand(string commandId, TimeSpan wait)
    {
        Task ended;
        lock (_lock)
        {
            LongestWait = wait > LongestWait ? wait : LongestWait;
            if (_commands.Find(known => known.Id == commandId) is not { } command)
            {
                return new CommandResult(null, new Problem(404, "command-not-found", "there is no such command"));
            }

            if (command.IsFinal || wait == TimeSpan.Zero)
            {
                return new CommandResult(command);
            }

            var left = command.ExpiresAt - DateTimeOffset.UtcNow;
            if (left <= TimeSpan.Zero)
            {
                return new CommandResult(End(command with { Status = CommandStatus.TimedOut }));
            }

            wait = left < wait ? left : wait;
            if (!_endings.TryGetValue(commandId, out var ending))
            {
                _endings[commandId] = ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            ended = ending.Task;
        }

        await ended.WaitAsync(wait).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        return await GetCommand(commandId, TimeSpan.Zero);
    }

    public Task<Command[]?> GetCommands()
    {
        lock (_lock)
        {
            return Task.FromResult(Exists ? Enumerable.Reverse(_commands).ToArray() : null);
        }
    }

    public Task CommandsAcknowledged(MessageSource source, string[] commandIds)
    {
        lock (_lock)
        {
            for (var i = 0; i < _commands.Count; i++)
            {
                if (commandIds.Contains(_commands[i].Id, StringComparer.Ordinal))
                {
                    _commands[i] = _commands[i] with { AcknowledgedAt = DateTimeOffset.UtcNow };
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<CommandResult> CancelCommand(string commandId)
    {
        lock (_lock)
        {
            var command = _commands.Find(known => known.Id == commandId);
            return Task.FromResult(
                command is null ? new CommandResult(null, new Problem(404, "command-not-found", "there is no such command"))
                : command.IsFinal ? new CommandResult(command, new Problem(409, "command-ended", "it has ended already"))
                : new CommandResult(End(command with { Status = CommandStatus.Cancelled })));
        }
    }

    /// <summary>What becomes of an open command.</summary>
    public void EndCommand(string commandId, CommandStatus status, int? responseStatus = null, string? response = null)
    {
        lock (_lock)
        {
            End(_commands.Find(known => known.Id == commandId)! with
            {
                Status = status,
                ResponseStatus = responseStatus,
                Response = response is null ? null : Utf8(response),
            });
        }
    }

    private Command End(Command ended)
    {
        ended = ended with { CompletedAt = DateTimeOffset.UtcNow };
        _commands[_commands.FindIndex(known => known.Id == ended.Id)] = ended;
        if (_endings.Remove(ended.Id, out var ending))
        {
            ending.SetResult();
        }

        return ended;
    }
}
