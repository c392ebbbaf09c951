using System.Collections.Frozen;
using Microsoft.AspNetCore.Routing.Patterns;
using Twins.Api.Problems;
using Twins.Contracts;

namespace Twins.Api.Http;

/// <summary>What routing does not check: the case of the words in a path, and the names of the query parameters. Metadata of an endpoint.</summary>
/// <param name="route">The route of the endpoint.</param>
/// <param name="parameters">The query parameters of the endpoint.</param>
internal sealed class RouteRules(RoutePattern route, string[] parameters)
{
    /// <summary>Parameters that are lists: sent twice, they are one list.</summary>
    private static readonly FrozenSet<string> s_lists = FrozenSet.Create(StringComparer.Ordinal, "sort", "fields", "group", "measure", "kinds");

    private readonly (int Segment, string Word)[] _words = [.. RouteWords.Of(route)];

    /// <summary>Returns what is wrong with a request that routing has matched to the endpoint; null if nothing is.</summary>
    public Problem? Check(HttpRequest request) => CheckWords(request.Path) ?? CheckQuery(request);

    /// <summary>Compares the words exactly, as twin ids are: routing also matches <c>/TWINS</c>.</summary>
    private Problem? CheckWords(PathString path)
    {
        var text = path.Value.AsSpan(1);
        var (segment, next) = (0, 0);
        foreach (var range in text.Split('/'))
        {
            if (next == _words.Length)
            {
                return null;
            }

            if (_words[next].Segment == segment++ && !text[range].SequenceEqual(_words[next++].Word))
            {
                return RequestProblems.UnknownRoute(path.ToUriComponent(), Corrected(text.ToString()));
            }
        }

        return null;
    }

    private Problem? CheckQuery(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
        {
            return null;
        }

        foreach (var (name, values) in request.Query)
        {
            if (!parameters.Contains(name, StringComparer.Ordinal))
            {
                return RequestProblems.UnknownParameter(name, parameters);
            }

            if (values.Count > 1 && !s_lists.Contains(name))
            {
                return RequestProblems.RepeatedParameter(name);
            }
        }

        return null;
    }

    private string Corrected(string path)
    {
        var segments = path.Split('/');
        foreach (var (segment, word) in _words)
        {
            segments[segment] = word;
        }

        return "/" + string.Join('/', segments);
    }
}
