using Twins.Api.Problems;
using Twins.Contracts.Commands;
using Twins.Contracts.Twins;

namespace Twins.Api.Commands;

/// <summary>Waits for a command to become final, by asking its twin in turns that each stay below a call's timeout.</summary>
/// <param name="time">The clock.</param>
internal sealed class CommandWait(TimeProvider time)
{
    /// <summary>What <see cref="ITwinGrain.GetCommand"/> waits at most.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The twin decides when a command has timed out; it gets this much longer than the command to say so, and no
    /// answer that arrives in time is lost to two clocks that differ a little.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Before a twin that could not be reached is asked again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns the command when it is final, or as it is when the time is over.</summary>
    /// <param name="twin">Whose command.</param>
    /// <param name="command">The command as it was sent.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="abort">The caller has gone; the command goes on without.</param>
    public async Task<CommandResult> UntilFinal(ITwinGrain twin, Command command, TimeSpan timeout, CancellationToken abort)
    {
        var started = time.GetTimestamp();
        var result = new CommandResult(command);
        while (result.Command is { IsFinal: false })
        {
            var left = timeout + Grace - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                break;
            }

            try
            {
                result = await twin.GetCommand(command.Id, left < Turn ? left : Turn).WaitAsync(abort);
            }
            catch (Exception exception) when (!abort.IsCancellationRequested && Unavailability.Is(exception) && time.GetElapsedTime(started) < timeout)
            {
                // The twin's silo left. The command is stored: to ask again is safe, to fail would leave the caller in doubt.
                await Task.Delay(Pause, time, abort);
            }
        }

        return result;
    }
}
