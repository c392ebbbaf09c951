namespace Twins.Simulators.Recording;

/// <summary>What was recorded so far: the members of <c>record --json</c>, in camel case.</summary>
/// <param name="Messages">Messages recorded.</param>
/// <param name="Devices">Devices they are of.</param>
/// <param name="Columns">Properties they have.</param>
/// <param name="Skipped">Messages on these topics that are no report: their payload is not JSON.</param>
/// <param name="First">The time of the earliest; null: nothing was recorded.</param>
/// <param name="Last">The time of the latest.</param>
/// <param name="LostConnections">How often the connection was lost; what came meanwhile came later.</param>
internal sealed record RecordSnapshot(
    long Messages, int Devices, int Columns, long Skipped, DateTimeOffset? First, DateTimeOffset? Last, long LostConnections);
