using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Twins.Api.Http;
using Twins.Api.Problems;

namespace Twins.Api.Live;

/// <summary>Answers a subscription as Server-Sent Events, until the client goes or the process ends.</summary>
/// <param name="Feed">What is told.</param>
/// <param name="Stopping">The process ends.</param>
internal sealed record SseResult(ILiveFeed Feed, CancellationToken Stopping) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var feed = Feed;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, Stopping);
        try
        {
            if (await feed.Open(ending.Token) is { } problem)
            {
                await problem.ToResult().ExecuteAsync(httpContext);
                return;
            }

            Prepare(httpContext);
            var sink = new SseSink(httpContext.Response.BodyWriter);
            if (await feed.Run(sink, ending.Token) is { } end)
            {
                sink.Write(LiveMessage.OfProblem("", end, httpContext.Request.Path));
                await sink.Flush(ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has gone, or we go: the usual ends of a stream.
        }
    }

    private static void Prepare(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = MediaTypes.EventStream;
        response.Headers.CacheControl = CacheControl.Stream;

        // Asks nginx and its kin not to collect events before they pass them on.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // A slow reader is told what it misses; it is not cut off for being slow.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
