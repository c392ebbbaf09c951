using System.Text.Json;

namespace Twins.Simulators.Verification;

/// <summary>A twin as the platform has it.</summary>
/// <param name="Revision">Its revision.</param>
/// <param name="CreatedAt">When the platform made it, by its clock.</param>
/// <param name="Reported">What it holds; an empty object where there is nothing.</param>
internal sealed record FoundTwin(long Revision, DateTimeOffset CreatedAt, JsonElement Reported);
