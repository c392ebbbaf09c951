using System.Buffers;
using Twins.Contracts.Twins;

namespace Twins.Silo.Links;

/// <summary>A publish as it came from MQTT, not yet understood.</summary>
internal sealed record LinkMessage
{
    public required string Topic { get; init; }

    public required ReadOnlySequence<byte> Payload { get; init; }

    /// <summary>The link it came on.</summary>
    public required LinkAddress Origin { get; init; }

    /// <summary>The client id of the connection, where the link knows it.</summary>
    public string? Connection { get; init; }

    /// <summary>The broker kept it as retained and sends it because the link has subscribed.</summary>
    public bool Retained { get; init; }

    /// <summary>It is the will of a connection that is no more.</summary>
    public bool FromWill { get; init; }

    public string? ResponseTopic { get; init; }

    public byte[]? CorrelationData { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];
}
