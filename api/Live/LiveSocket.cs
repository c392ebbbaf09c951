using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using Twins.Contracts;

namespace Twins.Api.Live;

/// <summary>One connection to <c>/live</c>, and the subscriptions on it.</summary>
internal sealed partial class LiveSocket : IDisposable
{
    /// <summary>Subscriptions of one connection at most.</summary>
    public const int MaxSubscriptions = 64;

    /// <summary>What one frame of a client's may hold, in bytes.</summary>
    public const int MaxFrameBytes = 16 * 1024;

    private const string Instance = "/live";

    /// <summary>How long a client has to take what is being sent to it and to close as well, when the process ends; less than requests have.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly LiveFeeds _feeds;
    private readonly string _caller;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _aborting;
    private readonly CancellationToken _ending;
    private readonly SocketOutput _output;
    private readonly SocketSink _own;
    private readonly ConcurrentDictionary<string, SocketSubscription> _subscriptions = new(StringComparer.Ordinal);

    /// <summary>Makes it.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="feeds">What can be subscribed to.</param>
    /// <param name="caller">Who opened the connection.</param>
    /// <param name="logger">The log.</param>
    /// <param name="aborted">The connection has ended.</param>
    public LiveSocket(WebSocket socket, LiveFeeds feeds, string caller, ILogger<LiveSocket> logger, CancellationToken aborted)
    {
        (_socket, _feeds, _caller, _logger) = (socket, feeds, caller, logger);
        _aborting = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        _ending = _aborting.Token;
        _output = new SocketOutput(socket, _ending);
        _own = new SocketSink(_output, subscription: null);
    }

    /// <summary>Does what the client asks for, until it goes or the process ends.</summary>
    public async Task Run()
    {
        try
        {
            var serving = Serve();
            await serving.WaitAsync(_feeds.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!serving.IsCompleted)
            {
                await Leave();
            }

            await serving;
        }
        catch (WebSocketException)
        {
            // The client has gone without a word.
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // It has gone, or took too long when we went.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _output.Dispose();
        _aborting.Dispose();
    }

    private async Task Serve()
    {
        var frame = new ArrayBufferWriter<byte>(1024);
        try
        {
            while (await Receive(frame) is { Type: not WebSocketMessageType.Close } received)
            {
                if (received.Type == WebSocketMessageType.Binary)
                {
                    await Tell(null, LiveProblems.Frame("it is binary; send text"));
                }
                else if (received.IsTooLong)
                {
                    await Tell(null, LiveProblems.FrameTooLarge(MaxFrameBytes));
                }
                else if (!LiveRequest.TryRead(frame.WrittenMemory, out var request, out var name, out var problem))
                {
                    await Tell(name, problem);
                }
                else
                {
                    await Take(request);
                }
            }

            await EndAll();
            if (_socket.State == WebSocketState.CloseReceived)
            {
                await _output.Close(WebSocketCloseStatus.NormalClosure, "");
            }
        }
        finally
        {
            await EndAll();
        }
    }

    /// <summary>
    /// The process ends: says so, rather than break off. To cancel what is being received or sent would take the connection along, so
    /// that comes last, and only where the client lets itself be waited for.
    /// </summary>
    private async Task Leave()
    {
        _aborting.CancelAfter(Farewell);
        try
        {
            await EndAll();
            await _output.Close(WebSocketCloseStatus.EndpointUnavailable, "the server stops");
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // Whoever reads for it learns the same, and says it.
        }
    }

    private async Task EndAll()
    {
        foreach (var name in _subscriptions.Keys)
        {
            if (_subscriptions.TryRemove(name, out var subscription))
            {
                await subscription.End();
                subscription.Dispose();
            }
        }
    }

    /// <summary>Reads one message; of one that is too long nothing is kept.</summary>
    private async Task<(WebSocketMessageType Type, bool IsTooLong)> Receive(ArrayBufferWriter<byte> frame)
    {
        frame.ResetWrittenCount();
        var isTooLong = false;
        while (true)
        {
            var part = await _socket.ReceiveAsync(frame.GetMemory(1024), _ending);
            frame.Advance(part.Count);
            if (frame.WrittenCount > MaxFrameBytes)
            {
                isTooLong = true;
                frame.ResetWrittenCount();
            }

            if (part.EndOfMessage || part.MessageType == WebSocketMessageType.Close)
            {
                return (part.MessageType, isTooLong);
            }
        }
    }

    private async Task Take(LiveRequest request)
    {
        if (request.Ends)
        {
            if (_subscriptions.TryRemove(request.Name, out var ended))
            {
                await ended.End();
                ended.Dispose();
                ended.Sink.Write(LiveMessage.Of("unsubscribed", "", "{}"u8.ToArray()));
                await ended.Sink.Flush(_ending);
            }
            else
            {
                await Tell(request.Name, LiveProblems.SubscriptionNotFound(request.Name));
            }

            return;
        }

        if (_subscriptions.ContainsKey(request.Name))
        {
            await Tell(request.Name, LiveProblems.SubscriptionExists(request.Name));
        }
        else if (_subscriptions.Count >= MaxSubscriptions)
        {
            await Tell(request.Name, LiveProblems.TooManySubscriptions(MaxSubscriptions));
        }
        else
        {
            var feed = request.IsWatch ? _feeds.Watch(request.Wish.Filter, _caller) : _feeds.Events(request.Wish, request.LastEventId);
            var subscription = new SocketSubscription(feed, new SocketSink(_output, request.Name), _ending);
            _subscriptions[request.Name] = subscription;
            subscription.Begin(token => Tell(request.Name, subscription, token));
        }
    }

    /// <summary>Tells a subscription's client, and in the end why it ends.</summary>
    private async Task Tell(string name, SocketSubscription subscription, CancellationToken cancellationToken)
    {
        Problem? problem;
        try
        {
            problem = await subscription.Feed.Open(cancellationToken) ?? await subscription.Feed.Run(subscription.Sink, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (WebSocketException)
        {
            return;
        }
        catch (Exception exception)
        {
            problem = LiveProblems.Of(exception);
            if (problem.Status == StatusCodes.Status500InternalServerError)
            {
                SubscriptionFailed(exception, name);
            }
        }

        // The name is free again before the client hears of it. Where it is gone already, the client has ended it.
        if (_subscriptions.TryRemove(KeyValuePair.Create(name, subscription)))
        {
            subscription.Dispose();
            if (problem is not null)
            {
                subscription.Sink.Write(LiveMessage.OfProblem("", problem, Instance));
                await subscription.Sink.Flush(_ending);
            }
        }
    }

    private async Task Tell(string? name, Problem problem)
    {
        var sink = name is null ? _own : new SocketSink(_output, LiveProblems.Shorten(name));
        sink.Write(LiveMessage.OfProblem("", problem, Instance));
        await sink.Flush(_ending);
    }

    [LoggerMessage(EventId = ApiLogEvents.LiveSubscriptionFailed, Level = LogLevel.Warning, Message = "Live: subscription {Name} failed")]
    private partial void SubscriptionFailed(Exception exception, string name);
}
