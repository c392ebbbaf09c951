namespace Twins.Benchmarks.Growth.Simulation;

/// <summary>What a simulated cluster did.</summary>
/// <param name="Done">The share of updates that were acknowledged; under 1 it could not keep up.</param>
/// <param name="Silo">How busy the busiest silo was, of all its cores.</param>
/// <param name="P50">From the device and back until the silo died, ms.</param>
/// <param name="P99">The same.</param>
/// <param name="AfterP99">Of what was sent after that.</param>
/// <param name="Settled">Seconds after the death until nothing takes longer than a second any more.</param>
internal sealed record SimulationResult(double Done, double Silo, double P50, double P99, double AfterP99, double Settled)
{
    /// <summary>Its cells in a table.</summary>
    public (string Column, double Value)[] Cells =>
    [
        ("done %", Done * 100),
        ("silo %", Silo * 100),
        ("p50 ms", P50),
        ("p99 ms", P99),
        ("p99 death", AfterP99),
        ("settled s", Settled),
    ];
}
