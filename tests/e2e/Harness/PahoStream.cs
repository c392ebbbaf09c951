using System.Text.Json.Nodes;

namespace Twins.EndToEnd.Tests.Harness;

/// <summary>What became of a stream of publishes.</summary>
/// <param name="Properties">Message i set property <c>k{i mod Properties}</c> to i.</param>
/// <param name="Sent">How many were sent.</param>
/// <param name="Acknowledged">Which of them were acknowledged.</param>
public sealed record PahoStream(int Properties, int Sent, int[] Acknowledged)
{
    /// <summary>
    /// What the twin lacks: an acknowledged value that is neither there nor overwritten by a later one, and a value
    /// that was never sent. Empty when all is well.
    /// </summary>
    public IReadOnlyList<string> Faults(JsonNode? reported)
    {
        var faults = new List<string>();
        foreach (var group in Acknowledged.GroupBy(i => i % Properties))
        {
            var acknowledged = group.Max();
            var stored = (int?)reported?[$"k{group.Key}"];
            if (stored is null || stored < acknowledged)
            {
                faults.Add($"k{group.Key}: {acknowledged} was acknowledged, {stored?.ToString() ?? "nothing"} is stored");
            }
            else if (stored >= Sent || stored % Properties != group.Key)
            {
                faults.Add($"k{group.Key}: {stored} is stored and was never sent");
            }
        }

        return faults;
    }
}
