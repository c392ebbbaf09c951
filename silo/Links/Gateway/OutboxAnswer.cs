namespace Twins.Silo.Links.Gateway;

/// <summary>What a <see cref="GatewayOutbox"/> says to a message.</summary>
internal enum OutboxAnswer
{
    /// <summary>It will be sent, behind what was taken before.</summary>
    Taken = 0,

    /// <summary>As many wait as may.</summary>
    Full = 1,

    /// <summary>The session has gone to another gateway, or has ended.</summary>
    Ended = 2,
}
