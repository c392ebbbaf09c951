namespace Twins.Api.Health;

/// <summary>How a process is.</summary>
/// <param name="Status"><c>healthy</c>; whatever is not is a problem.</param>
/// <param name="Checks">What each check found.</param>
internal sealed record HealthResource(string Status, IReadOnlyDictionary<string, string> Checks);
