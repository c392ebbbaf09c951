using System.Collections.Frozen;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;
using Twins.Api.Problems;
using Twins.Contracts;

namespace Twins.Api.Swagger;

/// <summary>
/// What <c>/swagger</c> tells of an endpoint beyond its name, summary and description. Endpoint metadata; bodies are
/// read and written as bytes, so nothing of this could be found by reflection.
/// </summary>
internal sealed class EndpointDoc
{
    /// <summary>Parameters that are lists: sent twice, they are one list.</summary>
    private static readonly FrozenSet<string> s_lists = FrozenSet.Create(StringComparer.Ordinal, "sort", "fields", "group", "measure", "kinds");

    /// <summary>The literal segments of the route, each with its place.</summary>
    private (int Place, string Word)[] _words = [];

    private string[] _query = [];

    /// <summary>The parameters, in the order in which they are shown.</summary>
    public IList<ParameterDoc> Parameters { get; } = [];

    /// <summary>What the body may be; none where there is no body.</summary>
    public IList<RequestDoc> Requests { get; } = [];

    /// <summary>What is answered.</summary>
    public IList<ResponseDoc> Responses { get; } = [];

    /// <summary>The body may be left out.</summary>
    public bool BodyOptional { get; private set; }

    /// <summary>Notes what <see cref="CheckWords"/> and <see cref="CheckQuery"/> compare, when the description is complete.</summary>
    public void Bind(RoutePattern route)
    {
        _words = [.. route.PathSegments.Index()
            .Where(static segment => segment.Item is { IsSimple: true } simple && simple.Parts[0].IsLiteral)
            .Select(static segment => (segment.Index, ((RoutePatternLiteralPart)segment.Item.Parts[0]).Content))];
        _query = [.. Parameters.Where(static parameter => parameter.In == ParameterLocation.Query).Select(static parameter => parameter.Name)];
    }

    /// <summary>Compares the words of the route, which routing takes in upper and lower case, exactly: twin ids are compared exactly too.</summary>
    public Problem? CheckWords(PathString path)
    {
        var text = path.Value.AsSpan();
        var (at, place) = (0, 0);
        foreach (var range in text[1..].Split('/'))
        {
            if (at == _words.Length)
            {
                break;
            }

            if (_words[at].Place == place++)
            {
                if (!text[1..][range].SequenceEqual(_words[at++].Word))
                {
                    return RequestProblems.UnknownRoute(path.ToUriComponent(), path.ToUriComponent().ToLowerInvariant());
                }
            }
        }

        return null;
    }

    /// <summary>Refuses query parameters that the route does not have, and those that are given twice.</summary>
    public Problem? CheckQuery(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
        {
            return null;
        }

        foreach (var (name, values) in request.Query)
        {
            if (!_query.Contains(name, StringComparer.Ordinal))
            {
                return RequestProblems.UnknownParameter(name, _query);
            }

            if (values.Count > 1 && !s_lists.Contains(name))
            {
                return RequestProblems.RepeatedParameter(name);
            }
        }

        return null;
    }

    /// <summary>Adds parameters.</summary>
    public EndpointDoc With(params ReadOnlySpan<ParameterDoc> parameters)
    {
        foreach (var parameter in parameters)
        {
            Parameters.Add(parameter);
        }

        return this;
    }

    /// <summary>Adds a body.</summary>
    /// <param name="contentType">The content type.</param>
    /// <param name="example">JSON that works against the demo twin.</param>
    /// <param name="schema">The type whose schema it has; null for any JSON.</param>
    /// <param name="optional">The body may be left out.</param>
    public EndpointDoc Takes(string contentType, string example, Type? schema = null, bool optional = false)
    {
        BodyOptional |= optional;
        Requests.Add(new RequestDoc(contentType, example, schema));
        return this;
    }

    /// <summary>Adds an answer.</summary>
    public EndpointDoc Answers(int status, string description, string? example = null, Type? schema = null, params string[] headers)
    {
        Responses.Add(new ResponseDoc(status, description, Http.MediaTypes.Json, example, schema, headers));
        return this;
    }

    /// <summary>Adds a stream of events as answer.</summary>
    public EndpointDoc Streams(string description, string example)
    {
        Responses.Add(new ResponseDoc(StatusCodes.Status200OK, description, Http.MediaTypes.EventStream, example, typeof(string), []));
        return this;
    }

    /// <summary>Adds a problem as answer.</summary>
    /// <param name="status">The status.</param>
    /// <param name="code">The code of the example.</param>
    /// <param name="detail">The sentence of the example.</param>
    /// <param name="headers">The headers that go with it.</param>
    public EndpointDoc Fails(int status, string code, string detail, params string[] headers)
    {
        Responses.Add(ResponseDoc.OfProblem(status, code, detail, headers));
        return this;
    }
}
