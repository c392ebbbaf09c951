namespace Twins.Contracts.Twins;

/// <summary>What a device can say.</summary>
public enum DeviceMessageKind
{
    /// <summary>A merge patch over its reported properties.</summary>
    Reported = 0,

    /// <summary>The value of one reported property.</summary>
    ReportedProperty = 1,

    /// <summary>It wants its document.</summary>
    Get = 2,

    /// <summary>It answers a command.</summary>
    CommandResponse = 3,

    /// <summary>It is online (a device behind a broker).</summary>
    Online = 4,

    /// <summary>It is offline (the will of a device behind a broker).</summary>
    Offline = 5,

    /// <summary>It refuses desired properties.</summary>
    DesiredRejected = 6,
}
