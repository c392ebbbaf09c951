using Twins.Simulators.Fleet;

namespace Twins.Simulators.Recording;

/// <summary>What to record.</summary>
/// <param name="File">The CSV file that is made.</param>
internal sealed record RecordOptions(string File)
{
    /// <summary>The broker, and as whom to connect.</summary>
    public FleetOptions Connection { get; init; } = new();

    public RecordSource Source { get; init; } = RecordSource.Auto;

    /// <summary>A filter instead of <c>twins/+/reported/#</c>, for some of the devices; null: all.</summary>
    public string? Topic { get; init; }

    /// <summary>How long; null: until cancelled.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>After how many messages it ends; null: never.</summary>
    public long? Limit { get; init; }
}
