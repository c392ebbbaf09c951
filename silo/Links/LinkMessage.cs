using System.Buffers;
using Twins.Contracts.Twins;

namespace Twins.Silo.Links;

/// <summary>A publish as it came from MQTT, not yet understood.</summary>
internal sealed record LinkMessage
{
    public required string Topic { get; init; }

    public required ReadOnlySequence<byte> Payload { get; init; }

    /// <summary>The connection it came on.</summary>
    public required MessageSource Source { get; init; }

    /// <summary>The broker kept it as retained and sends it because the link has subscribed.</summary>
    public bool Retained { get; init; }

    /// <summary>
    /// Gets whether it has no payload and so may be what clears a retained message (MQTT-3.3.1-6). Brokers hand it on without the retain flag:
    /// of what comes from one, each empty payload is.
    /// </summary>
    public bool ClearsRetained { get; init; }

    /// <summary>It is the will of a connection that is no more.</summary>
    public bool FromWill { get; init; }

    /// <summary>Gets whether it may be dropped if the store fails: it came with QoS 0, so that nobody waits for an acknowledgement.</summary>
    public bool MayShed { get; init; }

    /// <summary>Gets the end of the connection that it came on. While the store fails nobody can be acknowledged after it, and the message is dropped: its sender repeats it.</summary>
    public CancellationToken Ended { get; init; }

    /// <summary>Gets whether it may be dropped while the store fails.</summary>
    public bool IsUnwanted => MayShed || Ended.IsCancellationRequested;

    public string? ResponseTopic { get; init; }

    public byte[]? CorrelationData { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];
}
