using System.Net;
using System.Text.Json.Nodes;

namespace Twins.Tests.Harness;

/// <summary>Questions to the whole fleet over REST, and the writes that they must have seen.</summary>
public static class FleetAsk
{
    private const string Token = "Revision-Token";

    /// <summary>The most tokens that a question takes.</summary>
    private const int MaxTokens = 16;

    /// <summary>The token of a write, which must have been taken.</summary>
    public static string Written(this RestAnswer answer)
    {
        Assert.True((int)answer.Status is 200 or 201 or 204, answer.ToString());
        return answer.Headers[Token];
    }

    /// <summary>Asks, again while the index is being read from the store; anything else but 200 is an error.</summary>
    /// <param name="rest">Whom.</param>
    /// <param name="path">Route and parameters, escaped.</param>
    /// <param name="tokens">At most 16.</param>
    public static async Task<JsonNode> Ask(this TwinsRest rest, string path, params string[] tokens)
    {
        RestAnswer? answer = null;
        await Eventually.Is(
            async () =>
            {
                answer = await rest.Get(path, tokens.Length == 0 ? [] : [(Token, string.Join(", ", tokens))]);
                return answer.Status != HttpStatusCode.ServiceUnavailable || (string?)answer.Json!["code"] != "index-rebuilding";
            },
            $"the index, to answer {path}");
        return answer!.Expect(HttpStatusCode.OK)!;
    }

    /// <summary>How many twins a filter holds for.</summary>
    public static async Task<long> Count(this TwinsRest rest, string filter, params string[] tokens) =>
        (long)(await rest.Ask($"/twins/count?filter={Uri.EscapeDataString(filter)}", tokens))["count"]!;

    /// <summary>The ids that a question finds, over all its pages.</summary>
    /// <param name="rest">Whom.</param>
    /// <param name="filter">RQL, as it is.</param>
    /// <param name="sort">Keys, as they are; empty for none.</param>
    /// <param name="limit">Twins on a page.</param>
    public static async Task<IReadOnlyList<string>> Find(this TwinsRest rest, string filter, string sort, int limit)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await rest.Ask(
                $"/twins?filter={Uri.EscapeDataString(filter)}&sort={Uri.EscapeDataString(sort)}&limit={limit}&fields=id&cursor={cursor}");
            ids.AddRange(page["items"]!.AsArray().Select(item => (string)item!["id"]!));
            cursor = (string?)page["cursor"];
        }
        while (cursor is not null);
        return ids;
    }

    /// <summary>Returns when the index has seen all of these writes.</summary>
    public static async Task HasSeen(this TwinsRest rest, IEnumerable<string> tokens)
    {
        foreach (var some in tokens.Chunk(MaxTokens))
        {
            await rest.Ask("/twins/count", some);
        }
    }
}
