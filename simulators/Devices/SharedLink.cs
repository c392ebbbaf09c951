namespace Twins.Simulators.Devices;

/// <summary>A connection as devices see it that share it: who of them does what is done to it.</summary>
internal sealed class SharedLink
{
    private int _cuts;

    /// <summary>The device that carries out what strikes the connection: the first on it.</summary>
    public SimulatedDevice? Leader { get; set; }

    /// <summary>How often it was ended on purpose. Who finds more than before on a new connection knows that this was planned.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    public void CountCut() => Interlocked.Increment(ref _cuts);
}
