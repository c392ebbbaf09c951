namespace Twins.Silo.Membership;

/// <summary>
/// Whether this process has just been running. One that stood still and goes on may have been given up by the others: what its
/// twins remember may be old, so readers wait until <see cref="StallWatch"/> has looked. Safe for any thread.
/// </summary>
/// <param name="clock">The process's own: it is about the process, not about what it simulates.</param>
/// <param name="probe">The longest that others wait for an answer; they give up who has been silent for twice as long.</param>
internal sealed class Pulse(TimeProvider clock, TimeSpan probe)
{
    /// <summary>To read the membership table takes milliseconds; who waits longer is better told to try again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    /// <summary>Null where nobody watches: then there is one silo, and nobody to give it up.</summary>
    private volatile Moment? _last;

    /// <summary>What nobody is given up for: half of the least.</summary>
    public TimeSpan Doubtful { get; } = probe;

    /// <summary>How long there was no beat; nothing where nobody watches.</summary>
    /// <remarks>The clock of the wall as well: the monotonic one of a suspended machine may stand still.</remarks>
    public TimeSpan Stood => _last is not { } last
        ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Max(clock.GetElapsedTime(last.Timestamp).Ticks, (clock.GetUtcNow() - last.Utc).Ticks));

    /// <summary>It is not known that this process is still a part of its cluster.</summary>
    public bool IsDoubtful => Stood > Doubtful;

    public void Beat() => _last = new Moment(clock.GetTimestamp(), clock.GetUtcNow());

    /// <summary>Nobody watches any more.</summary>
    public void Rest() => _last = null;

    /// <summary>Waits until it is known; false where it is not after 5 s. A process that is no part any more ends meanwhile.</summary>
    public async Task<bool> Certain()
    {
        var started = clock.GetTimestamp();
        while (IsDoubtful && clock.GetElapsedTime(started) < Patience)
        {
            await Task.Delay(Look, clock);
        }

        return !IsDoubtful;
    }

    private sealed record Moment(long Timestamp, DateTimeOffset Utc);
}
