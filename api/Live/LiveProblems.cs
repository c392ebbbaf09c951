using Twins.Api.Problems;
using Twins.Contracts;
using Twins.Contracts.Fleet;

namespace Twins.Api.Live;

/// <summary>What can be wrong on <c>/live</c>.</summary>
internal static class LiveProblems
{
    public static Problem Frame(string what) => new(StatusCodes.Status400BadRequest, "frame-invalid", $"the frame is not understood: {what}");

    public static Problem FrameTooLarge(int most) => new(
        StatusCodes.Status413PayloadTooLarge, "frame-too-large", $"the frame is larger than {most} bytes, the limit; one frame is one subscription");

    public static Problem SubscriptionExists(string name) => new(
        StatusCodes.Status409Conflict, "subscription-exists", $"there is a subscription \"{name}\" already; choose another name, or end that one first");

    public static Problem SubscriptionNotFound(string name) => new(
        StatusCodes.Status404NotFound, "subscription-not-found", $"there is no subscription \"{name}\"; it has ended, or never was");

    public static Problem TooManySubscriptions(int most) => new(
        StatusCodes.Status429TooManyRequests, "too-many-subscriptions", $"this connection has {most} subscriptions, the limit; end one, or open another connection");

    public static Problem NoSocket() => new(
        StatusCodes.Status426UpgradeRequired, "not-a-websocket", "this address is for WebSockets (RFC 6455); use GET /events or GET /twins/watch over plain HTTP");

    public static Problem OtherOrigin(string origin, string host) => new(
        StatusCodes.Status403Forbidden, "origin-refused", $"pages of {Shorten(origin)} may not open it; a page must come from {host} itself, or its origin must be in Twins:Api:CorsOrigins");

    /// <summary>Why a subscription could not begin; what it was is for the log.</summary>
    public static Problem Of(Exception exception) => exception switch
    {
        IndexRebuildingException => new Problem(StatusCodes.Status503ServiceUnavailable, "index-rebuilding", exception.Message),
        FilterTooSlowException slow => RequestProblems.FilterTooSlow(slow),
        TooManyQueriesException refused => RequestProblems.TooManyQueries(refused),
        IndexOffException off => RequestProblems.IndexOff(off),
        _ when Unavailability.Is(exception) => new Problem(
            StatusCodes.Status503ServiceUnavailable, "unavailable", "the twins, or the store behind them, did not answer; subscribe again in a moment"),
        _ => new Problem(
            StatusCodes.Status500InternalServerError, "internal-error", "the subscription failed for a reason that is not yours; the log of the server has it"),
    };

    /// <summary>Keeps hostile input from filling answers.</summary>
    public static string Shorten(string text) => text.Length <= 100 ? text : string.Concat(text.AsSpan(0, 100), "…");
}
