using System.Net.ServerSentEvents;

namespace Twins.Tests.Harness;

/// <summary>A stream of Server-Sent Events.</summary>
public sealed class LiveEvents : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpResponseMessage _response;
    private readonly Task _reading;
    private SseParser<string>? _parser;

    private LiveEvents(HttpResponseMessage response)
    {
        _response = response;
        _reading = Read();
    }

    /// <summary>What a browser would come back with: ids count without an event, too.</summary>
    public string? LastEventId => _parser?.LastEventId;

    /// <summary>What came.</summary>
    public Inbox<LiveEvent> Inbox { get; } = new();

    /// <summary>Opens the stream; returns when the server has answered with its headers.</summary>
    public static async Task<LiveEvents> Open(HttpClient http, string path, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new LiveEvents(response);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _response.Dispose();
        _stop.Dispose();
    }

    private async Task Read()
    {
        try
        {
            await using var stream = await _response.Content.ReadAsStreamAsync(_stop.Token);
            _parser = SseParser.Create(stream);
            await foreach (var item in _parser.EnumerateAsync(_stop.Token))
            {
                if (item.Data.Length > 0)
                {
                    Inbox.Add(new LiveEvent(item.EventId, item.EventType, item.Data));
                }
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The listener has heard enough, or the server stopped: what came is in the inbox.
        }
    }
}
