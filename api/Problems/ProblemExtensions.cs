using Twins.Contracts;

namespace Twins.Api.Problems;

/// <summary>From a problem to its answer.</summary>
internal static class ProblemExtensions
{
    /// <summary>The answer that tells this problem.</summary>
    public static ProblemResult ToResult(this Problem problem) => new(problem);
}
