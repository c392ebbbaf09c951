using System.Collections.Concurrent;
using Twins.Contracts.Twins;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// Tells twins which of their commands have been acknowledged: one call under way for each twin and connection, what comes meanwhile
/// goes with the next. What can not be told is given up, and the twin sends the command again. Safe for any thread.
/// </summary>
internal sealed partial class CommandAcknowledgements(IGrainFactory grains, TimeProvider time, ILogger<CommandAcknowledgements> logger)
{
    /// <summary>Acknowledgements that wait in this silo; more are given up.</summary>
    private const int MostWaiting = 10_000;

    private const int Tries = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<(string TwinId, MessageSource Source), List<string>> _waiting = new();
    private int _count;

    /// <summary>Notes that a command was acknowledged; returns at once.</summary>
    public void Add(MessageSource source, string twinId, string commandId)
    {
        if (Interlocked.Increment(ref _count) > MostWaiting)
        {
            Interlocked.Decrement(ref _count);
            GivenUp(null, twinId, 1);
            return;
        }

        var key = (twinId, source);
        while (true)
        {
            var waiting = _waiting.GetOrAdd(key, static _ => []);
            lock (waiting)
            {
                if (!_waiting.TryGetValue(key, out var current) || !ReferenceEquals(current, waiting))
                {
                    continue;
                }

                waiting.Add(commandId);
                if (waiting.Count > 1)
                {
                    return;
                }
            }

            // Not awaited: it ends with what waits, and catches what happens. Not here: this is the reader of a socket. It tells of what is
            // acknowledged later as well, and so is not traced as a part of this.
            using (ExecutionContext.SuppressFlow())
            {
                _ = Task.Run(() => Tell(key, waiting));
            }

            return;
        }
    }

    private async Task Tell((string TwinId, MessageSource Source) key, List<string> waiting)
    {
        while (true)
        {
            string[] commands;
            lock (waiting)
            {
                commands = [.. waiting];
            }

            await Tell(key.TwinId, key.Source, commands);
            Interlocked.Add(ref _count, -commands.Length);
            lock (waiting)
            {
                waiting.RemoveRange(0, commands.Length);
                if (waiting.Count == 0)
                {
                    _waiting.TryRemove(key, out _);
                    return;
                }
            }
        }
    }

    private async Task Tell(string twinId, MessageSource source, string[] commands)
    {
        for (var (attempt, pause) = (1, FirstPause); ; attempt++, pause *= 2)
        {
            try
            {
                await grains.Twin(twinId).CommandsAcknowledged(source, commands);
                return;
            }
            catch (Exception) when (attempt < Tries)
            {
                await Task.Delay(pause, time);
            }
            catch (Exception exception)
            {
                GivenUp(exception, twinId, commands.Length);
                return;
            }
        }
    }

    [LoggerMessage(LogEvents.GatewayAcknowledgementLost, LogLevel.Information, "Twin {TwinId} could not be told that its device has {Count} commands; it may send them again.")]
    private partial void GivenUp(Exception? exception, string twinId, int count);
}
