using Twins.Simulators.Plans;

namespace Twins.Simulators.Fleet;

/// <summary>What is counted while a fleet runs. Fields, so that they can be incremented from any thread.</summary>
internal sealed class FleetTally
{
    public long Connected;
    public long EverConnected;
    public long Connects;
    public long FailedConnects;
    public long LostConnections;
    public long Published;
    public long Acknowledged;
    public long Refused;
    public long Resent;
    public long Skipped;
    public long Readings;
    public long DesiredTaken;
    public long DesiredRefused;
    public long CommandsAnswered;
    public long CommandsUnknown;
    public long CommandsRepeated;
    public long CommandsSilent;
    public long CommandsExpired;
    public long Problems;
    public long ProblemsExpected;
    public long Late;
    public long Finished;
    public long Tagged;

    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    private readonly long[] _faults = new long[Kinds.Length];

    /// <summary>How often each kind of fault has struck; those that have not are left out.</summary>
    public IReadOnlyDictionary<string, long> Faults => Kinds
        .Select(kind => (Name: kind == FaultKind.HalfOpen ? "half-open" : kind.ToString().ToLowerInvariant(), Count: Interlocked.Read(ref _faults[(int)kind])))
        .Where(fault => fault.Count > 0)
        .ToDictionary(fault => fault.Name, fault => fault.Count, StringComparer.Ordinal);

    /// <summary>A fault has struck.</summary>
    public void Strike(FaultKind kind) => Interlocked.Increment(ref _faults[(int)kind]);
}
