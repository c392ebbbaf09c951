namespace Twins.Faults.Tests;

/// <summary>A platform of real processes that faults are inflicted on.</summary>
internal abstract class FaultPlatform : IAsyncDisposable
{
    private int _runs;

    /// <summary>Its REST.</summary>
    public abstract Uri Rest { get; }

    /// <summary>Where devices of the gateway connect.</summary>
    public abstract int GatewayPort { get; }

    /// <summary>Where devices behind the broker connect; null: there is none.</summary>
    public virtual int? BrokerPort => null;

    /// <summary>What its processes have printed.</summary>
    public abstract IEnumerable<(string Name, string Output)> Outputs { get; }

    /// <summary>Writes that the store has refused because somebody else had written, as logged so far (1101).</summary>
    public abstract int RefusedWrites { get; }

    /// <summary>The part that a fault strikes now.</summary>
    public abstract Part Find(Victim victim);

    /// <summary>Returns when the broker has saved what it has now.</summary>
    public virtual Task BrokerSaved() => Task.CompletedTask;

    /// <summary>Counts the fleets that have run on it: each begins with higher values than the last.</summary>
    public int NextRun() => ++_runs;

    public abstract ValueTask DisposeAsync();

    /// <summary>Counts the log lines of refused writes.</summary>
    protected static int RefusedIn(string output) => output.Split('\n').Count(line => line.Contains("[1101]", StringComparison.Ordinal));
}
