namespace Twins.Contracts.Twins;

/// <summary>One message of a device, decoded by its link's dialect.</summary>
[GenerateSerializer, Immutable, Alias("twins.device-message")]
public sealed record DeviceMessage
{
    /// <summary>What the device says.</summary>
    [Id(0)]
    public required DeviceMessageKind Kind { get; init; }

    /// <summary>The connection it came on.</summary>
    [Id(1)]
    public required MessageSource Source { get; init; }

    /// <summary>
    /// Canonical JSON: the merge patch, the one property's value, the command's answer; empty for the other kinds.
    /// </summary>
    [Id(2)]
    public byte[] Body { get; init; } = [];

    /// <summary>The property of <see cref="DeviceMessageKind.ReportedProperty"/>, outermost name first.</summary>
    [Id(3)]
    public string[] Path { get; init; } = [];

    /// <summary>Where in the device's own order the message stands, if the device says.</summary>
    [Id(4)]
    public MessageOrder? Order { get; init; }

    /// <summary>The broker sent it as a retained message: it may be older than anything seen since.</summary>
    [Id(5)]
    public bool Retained { get; init; }

    /// <summary>The command answered by <see cref="DeviceMessageKind.CommandResponse"/>.</summary>
    [Id(6)]
    public string? CommandId { get; init; }

    /// <summary>The HTTP-like status of a command's answer, 100–599.</summary>
    [Id(7)]
    public int Status { get; init; } = 200;

    /// <summary>MQTT 5 response topic of a <see cref="DeviceMessageKind.Get"/>.</summary>
    [Id(8)]
    public string? ResponseTopic { get; init; }

    /// <summary>MQTT 5 correlation data of a <see cref="DeviceMessageKind.Get"/>.</summary>
    [Id(9)]
    public byte[]? CorrelationData { get; init; }

    /// <summary>It is the will of a connection that is no more: the device is not there.</summary>
    [Id(10)]
    public bool FromWill { get; init; }

    /// <summary>The revision of the delta that <see cref="DeviceMessageKind.DesiredRejected"/> is about.</summary>
    [Id(11)]
    public long Revision { get; init; }
}
