using Twins.Contracts.Twins;
using Twins.Silo.Links;
using Twins.Silo.Storage;

namespace Twins.Silo.Twins;

/// <summary>
/// Reads the states of all twins, a page at a time, and wakes those that have something to hand over, a command that is
/// open, or a device that hung on a silo which is gone. Nothing is kept for this while all is well
/// (docs/decisions/0011-egress.md).
/// </summary>
[GrainType("rescue")]
internal sealed partial class RescueGrain(
    IStateStore store, TwinStates states, TwinWaker waker, LinkTable links, TimeProvider time, ILogger<RescueGrain> logger) : Grain, IRescueGrain
{
    private Task? _round;

    public Task<bool> Done()
    {
        if (_round is null or { IsFaulted: true })
        {
            _round = Go();
        }

        return Task.FromResult(_round.IsCompletedSuccessfully);
    }

    /// <summary>Nobody but a call from somewhere would have this twin go on.</summary>
    internal static bool Needs(TwinState state, Func<LinkAddress, bool> isGone) =>
        !state.Events.IsEmpty
        // A device that comes to a gateway is told then.
        || (state.DesiredPending && state.Connection is not { Online: false, Address.Link: LinkNames.Gateway })
        || state.Commands.Any(command => !command.IsFinal)
        || (state.Connection is { Online: true, Address: { } address } && isGone(address));

    private async Task Go()
    {
        var started = time.GetTimestamp();
        var (seen, woken) = (0, 0);
        try
        {
            for (var shard = 0; shard < TwinShards.Count; shard++)
            {
                string? after = null;
                do
                {
                    var page = await store.ReadShardAsync(shard, after, TwinWaker.PageSize);
                    var found = states.Decode(page.Twins);
                    var needy = page.Twins.Where((_, i) => found[i] is { } state && Needs(state, links.IsGone)).ToArray();
                    await waker.WakeAsync([.. needy.Select(twin => twin.Id)], page.Twins.Length);
                    (seen, woken) = (seen + page.Twins.Length, woken + needy.Length);
                    after = page.Next;
                }
                while (after is not null);
            }
        }
        catch (Exception exception)
        {
            RoundFailed(exception, this.GetPrimaryKeyString());
            throw;
        }

        if (woken > 0)
        {
            RoundDone(seen, woken, this.GetPrimaryKeyString(), time.GetElapsedTime(started).TotalSeconds);
        }
    }

    [LoggerMessage(LogEvents.RescueDone, LogLevel.Information, "{Woken} of {Seen} twins had something left to do after {Reason}; they were woken, which took {Seconds:0.0} s.")]
    private partial void RoundDone(int seen, int woken, string reason, double seconds);

    [LoggerMessage(LogEvents.RescueFailed, LogLevel.Warning, "Twins could not all be looked after that may have something left to do after {Reason}; it is begun again.")]
    private partial void RoundFailed(Exception exception, string reason);
}
