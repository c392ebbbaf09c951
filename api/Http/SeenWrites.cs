using Twins.Api.Problems;
using Twins.Contracts;
using Twins.Contracts.Fleet;

namespace Twins.Api.Http;

/// <summary>
/// The header <c>Revision-Token</c>: the answer to a write names it, and a query that sends the name back sees that write.
/// </summary>
internal static class SeenWrites
{
    /// <summary>Its name, in both directions.</summary>
    public const string Header = "Revision-Token";

    /// <summary>How many a query may send: each is asked for at a twin's own partition.</summary>
    public const int Max = 16;

    /// <summary>Names a write in its answer.</summary>
    public static void Tell(HttpResponse response, string id, long revision) =>
        response.Headers[Header] = new RevisionToken(id, revision).ToString();

    /// <summary>Reads what a query must have seen: with commas between them, in one header or in several.</summary>
    public static bool TryRead(HttpRequest request, out RevisionToken[] seen, out Problem? problem)
    {
        seen = [];
        var tokens = new List<RevisionToken>();
        foreach (var line in request.Headers[Header])
        {
            foreach (var part in (line ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!RevisionToken.TryParse(part, out var token))
                {
                    problem = RequestProblems.Header(Header, part, $"what the answer to a write had there, like acme:pump-1@42; up to {Max} with commas between them");
                    return false;
                }

                tokens.Add(token);
            }
        }

        if (tokens.Count > Max)
        {
            problem = RequestProblems.TooManyTokens(Header, tokens.Count, Max);
            return false;
        }

        seen = [.. tokens];
        problem = null;
        return true;
    }
}
