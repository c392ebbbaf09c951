using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace Twins.Faults.Tests;

/// <summary>
/// Follows the events of all twins. An event is told at least once, and the same one again has the same id and says the
/// same; so where two with one id say different things, two activations of a twin have both written a revision of that
/// number, and where one message's count comes with two revisions, the message was applied twice. Events that are missed
/// while nobody can be asked are not judged.
/// </summary>
internal sealed class EventWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<(string Twin, string Id), string> _told = new();
    private readonly ConcurrentDictionary<(string Twin, long Count), long> _applied = new();
    private readonly ConcurrentQueue<string> _forks = new();
    private readonly ConcurrentQueue<string> _twice = new();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _http;
    private readonly Task _reading;
    private string? _last;

    private EventWatch(Uri rest)
    {
        _http = new HttpClient(new ConnectionErrors()) { BaseAddress = rest, Timeout = Timeout.InfiniteTimeSpan };
        _reading = Follow();
    }

    /// <summary>How many different events were told.</summary>
    public int Told => _told.Count;

    /// <summary>Revisions that say two different things.</summary>
    public IReadOnlyCollection<string> Forks => _forks;

    /// <summary>Messages that were applied at two revisions.</summary>
    public IReadOnlyCollection<string> AppliedTwice => _twice;

    /// <summary>Begins; returns when the server has answered.</summary>
    public static async Task<EventWatch> Start(Uri rest)
    {
        var watch = new EventWatch(rest);
        await watch._open.Task.WaitAsync(Eventually.Deadline);
        return watch;
    }

    /// <summary>Takes an event: <see cref="Follow"/> does, and tests may.</summary>
    /// <param name="cloudEvent">As docs/rest.md has it.</param>
    public void Take(JsonNode cloudEvent)
    {
        var twin = (string)cloudEvent["subject"]!;
        var id = (string)cloudEvent["id"]!;
        var data = cloudEvent["data"]!.ToJsonString();
        var first = _told.GetOrAdd((twin, id), data);
        if (first != data)
        {
            _forks.Enqueue($"{twin}, event {id}: {Short(first)} and {Short(data)}");
        }

        if ((string?)cloudEvent["type"] == "twins.changed" && (long?)cloudEvent["data"]!["reported"]?["count"] is { } count)
        {
            var revision = (long)cloudEvent["data"]!["revision"]!;
            if (_applied.GetOrAdd((twin, count), revision) is var before && before != revision)
            {
                _twice.Enqueue($"{twin}: count {count} at revisions {before} and {revision}");
            }
        }
    }

    /// <summary>A watch that follows nothing.</summary>
    internal static EventWatch OfNothing()
    {
        var watch = new EventWatch(new Uri("http://127.0.0.1:1"));
        watch._end.Cancel();
        return watch;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _http.Dispose();
        _end.Dispose();
    }

    private static string Short(string text) => text.Length > 200 ? $"{text[..200]}…" : text;

    private async Task Follow()
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await Read();
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                // The API is gone, or this ends: as long as it takes.
            }

            await pause.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task Read()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/events", UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (_last is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", _last);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _end.Token);
        response.EnsureSuccessStatusCode();
        _open.TrySetResult();
        await using var stream = await response.Content.ReadAsStreamAsync(_end.Token);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(_end.Token))
        {
            _last = item.EventId ?? _last;
            // What is neither a heartbeat nor the notice of a gap.
            if (item.Data.Length > 0 && item.EventType is "created" or "changed" or "online" or "offline")
            {
                Take(JsonNode.Parse(item.Data)!);
            }
        }
    }
}
