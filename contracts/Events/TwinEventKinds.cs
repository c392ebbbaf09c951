namespace Twins.Contracts.Events;

/// <summary>The kinds of <see cref="TwinEvent"/>: the last segment of <c>twins/{id}/events/{kind}</c>.</summary>
public static class TwinEventKinds
{
    /// <summary>The twin came to be.</summary>
    public const string Created = "created";

    /// <summary>Its reported, desired, tags or model changed.</summary>
    public const string Changed = "changed";

    /// <summary>It was deleted.</summary>
    public const string Deleted = "deleted";

    /// <summary>Its device appeared.</summary>
    public const string Online = "online";

    /// <summary>Its device went.</summary>
    public const string Offline = "offline";

    /// <summary>A command was sent, answered, cancelled or timed out.</summary>
    public const string Command = "command";
}
