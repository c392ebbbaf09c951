using Twins.Contracts.Twins;
using Twins.Silo.Links;
using Twins.Silo.Storage;

namespace Twins.Silo.Twins;

/// <summary>
/// Reads the states of all twins, a page at a time, and wakes those that have something to hand over, a command that is
/// open, or a device that hung on a silo which is gone. Nothing is kept for this while all is well
/// (docs/decisions/0011-egress.md).
/// </summary>
internal sealed partial class RescueGrain(
    TwinCatalog catalog, TwinStates states, TwinReferences twins, LinkTable links, TimeProvider time, ILogger<RescueGrain> logger) : Grain, IRescueGrain
{
    /// <summary>Twins that are read, and at most woken, at once.</summary>
    private const int PageSize = 250;

    /// <summary>How often a twin is tried that can not be woken: the store may be away for a moment.</summary>
    private const int Attempts = 5;

    /// <summary>A twin takes at least this long: 5,000 a second, a few hundredths of what a store and a core do.</summary>
    private static readonly TimeSpan TwinTakes = TimeSpan.FromMilliseconds(0.2);

    private static readonly TimeSpan PauseOnFailure = TimeSpan.FromSeconds(1);

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
            for (var shard = 0; shard < TwinCatalog.Shards; shard++)
            {
                var ids = await catalog.Page(shard, after: null, PageSize);
                while (ids.Length > 0)
                {
                    var pause = Task.Delay(TwinTakes * ids.Length, time);
                    var found = await states.Read(ids);
                    var needy = ids.Where((_, i) => found[i] is { } state && Needs(state, links.IsGone)).ToArray();
                    await Task.WhenAll(needy.Select(Wake));
                    (seen, woken) = (seen + ids.Length, woken + needy.Length);
                    await pause;
                    ids = ids.Length < PageSize ? [] : await catalog.Page(shard, ids[^1], PageSize);
                }
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

    private async Task Wake(string id)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await twins.Of(id).Wake();
                return;
            }
            catch (Exception) when (attempt < Attempts)
            {
                await Task.Delay(PauseOnFailure, time);
            }
        }
    }

    [LoggerMessage(LogEvents.RescueDone, LogLevel.Information, "{Woken} of {Seen} twins had something left to do after {Reason}; they were woken, which took {Seconds:0.0} s.")]
    private partial void RoundDone(int seen, int woken, string reason, double seconds);

    [LoggerMessage(LogEvents.RescueFailed, LogLevel.Warning, "Twins could not all be looked after that may have something left to do after {Reason}; it is begun again.")]
    private partial void RoundFailed(Exception exception, string reason);
}
