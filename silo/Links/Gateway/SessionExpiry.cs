namespace Twins.Silo.Links.Gateway;

/// <summary>
/// How long sessions are kept. Whoever holds a session knows to the second when its connection ended. Where the holder
/// died, only the store tells when the session was last in use, and that is noted no more often than need be: such a
/// session lasts up to a quarter longer than was asked for, never shorter.
/// </summary>
internal static class SessionExpiry
{
    /// <summary>The longest that a session outlives its connection: a day, whatever the client asked for.</summary>
    public const uint LongestSeconds = 24 * 60 * 60;

    /// <summary>How often a gateway says that it holds a clean session.</summary>
    public static readonly TimeSpan RenewClean = TimeSpan.FromHours(1);

    private static readonly TimeSpan ShortestNote = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestNote = TimeSpan.FromHours(1);

    /// <summary>What a client gets that has asked for so long.</summary>
    public static uint Granted(uint asked) => Math.Min(asked, LongestSeconds);

    /// <summary>How old a note that a session is in use may become: a quarter of its time, between five minutes and an hour.</summary>
    public static TimeSpan NoteEvery(uint expirySeconds)
    {
        var quarter = TimeSpan.FromSeconds(expirySeconds / 4.0);
        return quarter < ShortestNote ? ShortestNote : quarter > LongestNote ? LongestNote : quarter;
    }

    /// <summary>Whether a session whose connection ended then is over.</summary>
    public static bool IsOver(uint expirySeconds, DateTimeOffset disconnectedAt, DateTimeOffset now) =>
        now - disconnectedAt > TimeSpan.FromSeconds(expirySeconds);

    /// <summary>Whether a stored session is over that nobody holds.</summary>
    public static bool IsOver(GatewaySessionState stored, DateTimeOffset now) =>
        now - stored.At > TimeSpan.FromSeconds(stored.ExpirySeconds) + NoteEvery(stored.ExpirySeconds);

    /// <summary>When the store may drop what nobody has written again: some time after it is over.</summary>
    public static TimeSpan InStore(uint expirySeconds) => TimeSpan.FromSeconds(expirySeconds) + (2 * NoteEvery(expirySeconds));
}
