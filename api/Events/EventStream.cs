using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Twins.Api.Http;

namespace Twins.Api.Events;

/// <summary>Answers a subscription as Server-Sent Events, until the client goes or the process ends.</summary>
/// <param name="Hub">Where the events come from.</param>
/// <param name="HubLifetime">Has the hub listen.</param>
/// <param name="TwinId">Whose events; null for all.</param>
/// <param name="Time">The clock.</param>
/// <param name="Stopping">The process ends.</param>
internal sealed record EventStream(EventHub Hub, EventHubLifetime HubLifetime, string? TwinId, TimeProvider Time, CancellationToken Stopping) : IResult
{
    /// <summary>Below the idle timeouts that proxies come with (30 s and up).</summary>
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);

    /// <summary>How much is written between two flushes, in bytes: enough to batch, little enough to feel a slow reader.</summary>
    private const int FlushBytes = 32 * 1024;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var lastEventId = httpContext.Request.Headers["Last-Event-ID"].ToString();
        await HubLifetime.Listening(httpContext.RequestAborted);
        var subscription = Hub.Subscribe(TwinId, lastEventId.Length == 0 ? null : lastEventId);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, Stopping);
        try
        {
            Prepare(httpContext);
            await Write(subscription, httpContext.Response.BodyWriter, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has gone, or we go: the usual ends of a stream.
        }
        finally
        {
            Hub.Unsubscribe(subscription.Client);
        }
    }

    private static void Prepare(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = MediaTypes.EventStream;
        response.Headers.CacheControl = "no-cache, no-store";

        // Asks nginx and its kin not to collect events before they pass them on.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // A slow reader is told what it misses; it is not cut off for being slow.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private async Task Write(Subscription subscription, PipeWriter output, CancellationToken ending)
    {
        await output.WriteAsync(EventFrame.Opening(subscription.Position), ending);
        if (subscription.Reset)
        {
            await output.WriteAsync(EventFrame.Reset(subscription.Position, EventClient.NotBuffered), ending);
        }

        foreach (var missed in subscription.Backlog)
        {
            await output.WriteAsync(missed.Frame, ending);
        }

        var client = subscription.Client;
        var more = client.Queue.WaitToReadAsync(ending).AsTask();
        while (true)
        {
            try
            {
                if (!await more.WaitAsync(HeartbeatPeriod, Time, ending))
                {
                    return;
                }
            }
            catch (TimeoutException)
            {
                await output.WriteAsync(EventFrame.Heartbeat, ending);
                continue;
            }

            await Drain(client, output, ending);
            more = client.Queue.WaitToReadAsync(ending).AsTask();
        }
    }

    private async Task Drain(EventClient client, PipeWriter output, CancellationToken ending)
    {
        while (client.Queue.TryRead(out var next))
        {
            if (client.TakeMissed())
            {
                // Under the id of the event in front of it, so that who breaks off here gets that event again.
                output.Write(EventFrame.Reset(EventId.Format(Hub.Stream, next.Sequence - 1), EventClient.SlowReader));
            }

            output.Write(next.Frame);
            if (output.UnflushedBytes >= FlushBytes)
            {
                await output.FlushAsync(ending);
            }
        }

        await output.FlushAsync(ending);
    }
}
