namespace Twins.Contracts.Topics;

/// <summary>What a device can publish in the native dialect.</summary>
public enum NativeTopicKind
{
    /// <summary><c>twins/{id}/reported</c>.</summary>
    Reported = 0,

    /// <summary><c>twins/{id}/reported/{path…}</c>.</summary>
    ReportedProperty = 1,

    /// <summary><c>twins/{id}/get</c>.</summary>
    Get = 2,

    /// <summary><c>twins/{id}/commands/{commandId}/response</c>.</summary>
    CommandResponse = 3,

    /// <summary><c>twins/{id}/connection</c>.</summary>
    Connection = 4,

    /// <summary><c>twins/{id}/desired/rejected</c>.</summary>
    DesiredRejected = 5,
}
