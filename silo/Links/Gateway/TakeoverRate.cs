namespace Twins.Silo.Links.Gateway;

/// <summary>
/// Recognizes a client id that two clients use: each connects, and the server closes the connection of the other
/// (MQTT 5, 3.1.4-3), endlessly. A client that loses its network takes over its own connection now and then.
/// </summary>
internal sealed class TakeoverRate(TimeProvider time)
{
    /// <summary>Takeovers within <see cref="Period"/> that are a conflict.</summary>
    public const int Conflict = 5;

    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private long _began = time.GetTimestamp();
    private int _count;

    /// <summary>Notes a takeover of a connection that was open; returns true if it makes a conflict, once in each period.</summary>
    public bool Note()
    {
        if (time.GetElapsedTime(_began) >= Period)
        {
            (_began, _count) = (time.GetTimestamp(), 0);
        }

        return ++_count == Conflict;
    }
}
