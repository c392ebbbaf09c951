using Twins.Contracts;

namespace Twins.Silo.Health;

/// <summary>Whether a process may be sent anything.</summary>
/// <param name="Problem">Why not; null where it may.</param>
/// <param name="Checks">What each check found; empty where none was asked.</param>
public sealed record ReadinessReport(Problem? Problem, IReadOnlyDictionary<string, string> Checks)
{
    /// <summary>How the broker links of the process are. They are shown, and do not decide: while a broker is down the process can do everything else.</summary>
    public IReadOnlyList<LinkHealth> Links { get; init; } = [];
}
