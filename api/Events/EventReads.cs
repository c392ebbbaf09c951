using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Problems;
using Twins.Contracts.Twins;

namespace Twins.Api.Events;

/// <summary><c>GET /twins/{id}/events</c> and <c>GET /events</c>.</summary>
internal static class EventReads
{
    /// <summary>What happens to one twin; it need not exist yet.</summary>
    public static Results<EventStream, ProblemResult> OfTwin(string id, EventHub hub, EventHubLifetime hubLifetime, TimeProvider time, IHostApplicationLifetime lifetime) =>
        TwinId.TryValidate(id, out var problem)
            ? new EventStream(hub, hubLifetime, id, time, lifetime.ApplicationStopping)
            : problem!.ToResult();

    /// <summary>What happens to all twins.</summary>
    public static Results<EventStream, ProblemResult> OfAll(HttpRequest request, EventHub hub, EventHubLifetime hubLifetime, TimeProvider time, IHostApplicationLifetime lifetime) =>
        request.Query.ContainsKey("filter")
            ? RequestProblems.NotAvailable("filter", "GET /events tells what happens to all twins, GET /twins/{id}/events what happens to one").ToResult()
            : new EventStream(hub, hubLifetime, TwinId: null, time, lifetime.ApplicationStopping);
}
