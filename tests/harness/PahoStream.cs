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
        var page = new LedgerPage("the stream", Properties);
        page.Sent(Sent - 1);
        Array.ForEach(Acknowledged, page.Acknowledge);
        return [.. page.Faults(page.Promised(), reported).Select(fault => fault.Fault)];
    }
}
