namespace Twins.Api.Live;

/// <summary>One subscription's way to its client: Server-Sent Events, or a part of a WebSocket. For one writer.</summary>
internal interface ILiveSink
{
    /// <summary>So much is spelled that it had better be sent before more is.</summary>
    bool IsFull { get; }

    /// <summary>Spells that the subscription is there.</summary>
    /// <param name="id">Where the stream stands.</param>
    void Opened(string id);

    /// <summary>Spells a message; it leaves with the next <see cref="Flush"/>.</summary>
    void Write(in LiveMessage message);

    /// <summary>Sends what is spelled; returns when the client has room for more.</summary>
    ValueTask Flush(CancellationToken cancellationToken);

    /// <summary>Nothing has been sent for a while: shows that the connection lives, where nothing else does, and where the stream stands.</summary>
    /// <param name="position">All up to here has been told; null where that is not said.</param>
    /// <param name="cancellationToken">Ends it.</param>
    ValueTask Heartbeat(string? position, CancellationToken cancellationToken);
}
