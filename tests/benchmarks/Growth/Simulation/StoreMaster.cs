namespace Twins.Benchmarks.Growth.Simulation;

/// <summary>A master of the simulated store: what has come and waits, and what it executes.</summary>
internal sealed class StoreMaster
{
    public List<int> Batches { get; set; } = [];

    public List<int> Reads { get; set; } = [];

    public List<int> Batched { get; set; } = [];

    public List<int> Reading { get; set; } = [];

    public bool IsBusy { get; set; }
}
