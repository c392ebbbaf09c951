using Twins.Simulators.Fleet;
using Twins.Simulators.Views;

namespace Twins.Simulators.Reporting;

/// <summary>All that a report tells.</summary>
/// <param name="Title">What ran, in a few words.</param>
/// <param name="Plan">The plan, or the file that was replayed.</param>
/// <param name="Started">When.</param>
/// <param name="Summary">The numbers of the whole run.</param>
/// <param name="Series">The numbers over time.</param>
/// <param name="Latencies">How many acknowledgements took how long.</param>
/// <param name="Kinds">The devices by kind.</param>
/// <param name="Repeat">The command line that repeats it, without connection and credentials.</param>
/// <param name="Options">How the devices connected.</param>
internal sealed record RunReport(
    string Title,
    string Plan,
    DateTimeOffset Started,
    RunSummary Summary,
    RunSeries Series,
    IReadOnlyList<LatencyBucket> Latencies,
    IReadOnlyList<(string Kind, int Devices)> Kinds,
    string Repeat,
    FleetOptions Options);
