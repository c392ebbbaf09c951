using System.Text.Json.Serialization;
using Twins.Silo.Health;

namespace Twins.Api.Health;

/// <summary>How a process is.</summary>
/// <param name="Status"><c>healthy</c>; whatever is not is a problem.</param>
/// <param name="Checks">What each check found.</param>
internal sealed record HealthResource(string Status, IReadOnlyDictionary<string, string> Checks)
{
    /// <summary>Gets how the broker links of the process are; null without any. They do not decide about the status.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LinkHealth>? Links { get; init; }
}
