using System.Text.Json.Nodes;

namespace Twins.Tests.Harness;

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
        var promised = Acknowledged.GroupBy(i => i % Properties).ToDictionary(group => group.Key, group => group.Max());
        var faults = new List<string>();
        for (var property = 0; property < Properties; property++)
        {
            var stored = (int?)reported?[$"k{property}"] ?? -1;
            if (stored < promised.GetValueOrDefault(property, -1))
            {
                faults.Add($"k{property} = {promised[property]} was acknowledged, {stored} is stored (-1: nothing)");
            }
            else if (stored >= Sent || (stored >= 0 && stored % Properties != property))
            {
                faults.Add($"k{property} = {stored} is stored and was never sent");
            }
        }

        return faults;
    }
}
