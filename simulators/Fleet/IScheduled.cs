namespace Twins.Simulators.Fleet;

/// <summary>Something the scheduler calls when its time has come.</summary>
internal interface IScheduled
{
    /// <summary>Called on the scheduler's thread: must neither block nor throw.</summary>
    void Due();
}
