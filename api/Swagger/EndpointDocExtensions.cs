using Microsoft.OpenApi;
using Twins.Api.Http;
using Twins.Api.Problems;

namespace Twins.Api.Swagger;

/// <summary>How endpoints are described where they are mapped.</summary>
internal static class EndpointDocExtensions
{
    /// <summary>Names and describes an endpoint.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="name">Its name: the operation id.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="description">What one must know to use it, in Markdown.</param>
    /// <param name="doc">Parameters, bodies and answers, each with an example.</param>
    public static RouteHandlerBuilder Describe(
        this RouteHandlerBuilder builder, string name, string summary, string description, Action<EndpointDoc> doc)
    {
        var documented = new EndpointDoc();
        doc(documented);
        string[] query = [.. documented.Parameters.Where(static parameter => parameter.In == ParameterLocation.Query).Select(static parameter => parameter.Name)];
        documented.Fails(400, "parameter-unknown", RequestProblems.UnknownParameter("view", query).Detail);
        builder.Finally(endpoint => endpoint.Metadata.Add(new RouteRules(((RouteEndpointBuilder)endpoint).RoutePattern, query)));
        return builder.WithName(name).WithSummary(summary).WithDescription(description).WithMetadata(documented);
    }

    /// <summary>Adds the answers that every endpoint may give which asks a twin.</summary>
    public static EndpointDoc FailsLikeAll(this EndpointDoc doc) => doc
        .Fails(503, "unavailable", "the twins, or the store behind them, did not answer; nothing is known to be done: try again", "Retry-After")
        .Fails(503, "store-failed", "the store failed, so that nothing is known to be done; try again", "Retry-After")
        .Fails(503, "twin-damaged", "the stored row of this twin is damaged; delete the twin, or restore a backup");

    /// <summary>Adds the answer to a page of another site that would change something.</summary>
    public static EndpointDoc FailsOnForeignPage(this EndpointDoc doc) => doc
        .Fails(403, "origin-refused", "a page of https://elsewhere.example may not change anything here; a page must come from twins.example itself, or its origin must be in Twins:Api:CorsOrigins");

    /// <summary>Adds the problems of a JSON patch that fails.</summary>
    public static EndpointDoc FailsLikeJsonPatches(this EndpointDoc doc) => doc
        .Fails(400, "patch-malformed", "operation 0: there is no operation \"put\"; use add, remove, replace, move, copy or test")
        .Fails(409, "patch-test-failed", "operation 0: what is at \"/setpoint\" is not the value expected; read the document again")
        .Fails(422, "patch-failed", "operation 0: there is nothing at \"/motor\"")
        .Fails(422, "patch-null", "/desired/setpoint would be null, and a twin has no null members; use the operation \"remove\"");

    /// <summary>Adds the answers of a process that has too much to store, and of a store that is full.</summary>
    public static EndpointDoc FailsLikeStored(this EndpointDoc doc) => doc
        .Fails(429, "overloaded", "as many messages wait for the store as Twins:Limits:QueueMiB allows, so that nothing was changed; try again", "Retry-After")
        .FailsIfStoreIsFull();

    /// <summary>Adds the answer of a store that is full.</summary>
    public static EndpointDoc FailsIfStoreIsFull(this EndpointDoc doc) => doc
        .Fails(507, "store-full", "the store has no free space, so that nothing was changed; free some, or delete twins, and try again", "Retry-After");

    /// <summary>Adds the answer to an id that can not be.</summary>
    public static EndpointDoc FailsOnBadId(this EndpointDoc doc) => doc
        .Fails(400, "twin-id-invalid", "twin id \"demo/pump\" contains \"/\"; ids use letters, digits, \".\", \"_\", \"-\" and \":\"");

    /// <summary>Adds the answer to an id that is not there.</summary>
    public static EndpointDoc FailsOnMissingTwin(this EndpointDoc doc) => doc
        .Fails(404, "twin-not-found", "there is no twin demo:pump-1; its device makes it with a first message, or an application with PUT /twins/demo:pump-1");

    /// <summary>Adds the answers to conditions that do not hold and to bodies that can not be taken.</summary>
    public static EndpointDoc FailsLikeWrites(this EndpointDoc doc, string accepted) => doc
        .Fails(412, "revision-mismatch", "twin demo:pump-1 is at revision 42, not 41; read it again and repeat the change on what you find", "ETag")
        .Fails(413, "section-too-large", "desired would be 70000 bytes and may be 65536; remove properties, or raise Twins:Limits")
        .Fails(415, "unsupported-media-type", $"Content-Type \"text/plain\" is not taken here; send {accepted}, in UTF-8", "Accept")
        .Fails(415, "unsupported-content-encoding", "Content-Encoding \"gzip\" is not supported; send the body without compression", "Accept-Encoding")
        .FailsOnForeignPage()
        .FailsLikeStored();

    /// <summary>Adds the answer to a caller that runs too many queries.</summary>
    public static EndpointDoc FailsOnManyQueries(this EndpointDoc doc) => doc
        .Fails(429, "too-many-queries", "too many queries are running: one client may run 4 at a time (Twins:Api:QueriesPerCaller), and all clients 8 (Twins:Api:Queries); send the next query when an earlier one is answered, or use filters with fewer conditions", "Retry-After");

    /// <summary>Adds the answers that every endpoint may give which asks the fleet index.</summary>
    public static EndpointDoc FailsLikeQueries(this EndpointDoc doc) => doc
        .Fails(400, "filter-invalid", Examples.BadFilter)
        .Fails(400, "filter-too-slow", "the query takes more than 1 s of a partition of the fleet index; ask with fewer conditions on texts, like and ilike above all, or put beside them into and(…) what leaves fewer twins to look at")
        .Fails(400, "header-invalid", "header Revision-Token: pump-1 is not understood; it must be what the answer to a write had there, like acme:pump-1@42; up to 16 with commas between them")
        .FailsOnManyQueries()
        .Fails(503, "index-rebuilding", "the fleet index is being read from the store: 12 of 32 partitions are complete, 20480 twins so far; ask again in a few seconds", "Retry-After");
}
