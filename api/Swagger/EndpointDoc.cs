namespace Twins.Api.Swagger;

/// <summary>
/// What <c>/swagger</c> tells of an endpoint beyond its name, summary and description. Endpoint metadata; bodies are
/// read and written as bytes, so nothing of this could be found by reflection.
/// </summary>
internal sealed class EndpointDoc
{
    /// <summary>The parameters, in the order in which they are shown.</summary>
    public IList<ParameterDoc> Parameters { get; } = [];

    /// <summary>What the body may be; none where there is no body.</summary>
    public IList<RequestDoc> Requests { get; } = [];

    /// <summary>What is answered.</summary>
    public IList<ResponseDoc> Responses { get; } = [];

    /// <summary>The body may be left out.</summary>
    public bool BodyOptional { get; private set; }

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
        Responses.Add(new ResponseDoc(StatusCodes.Status200OK, description, Http.MediaTypes.EventStream, example, typeof(Stream), []));
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
