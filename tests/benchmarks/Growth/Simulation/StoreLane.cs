namespace Twins.Benchmarks.Growth.Simulation;

/// <summary>From a simulated silo to a master: the updates that wait for a batch, and how many batches are under way.</summary>
internal sealed class StoreLane
{
    public Queue<int> Waiting { get; } = new();

    public int UnderWay { get; set; }
}
