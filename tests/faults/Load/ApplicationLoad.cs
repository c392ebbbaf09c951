using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Twins.Faults.Tests;

/// <summary>
/// An application: it writes tags over REST, of which each that was answered with 2xx must be there in the end, and sends
/// commands.
/// </summary>
internal sealed class ApplicationLoad : IAsyncDisposable
{
    /// <summary>A write sets one of so many tags: its loss shows until its turn comes again, half a minute later.</summary>
    private const int Tags = 64;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, long[]> _answered;
    private readonly ConcurrentDictionary<string, long> _answers = new(StringComparer.Ordinal);
    private readonly HttpClient _http;
    private readonly long _first;
    private readonly Task _running;

    private ApplicationLoad(Uri rest, IReadOnlyList<string> ids)
    {
        _http = new HttpClient(new ConnectionErrors()) { BaseAddress = rest, Timeout = Timeout.InfiniteTimeSpan };
        // Of two runs the later begins with the higher number.
        _first = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        _answered = ids.ToDictionary(id => id, _ => new long[Tags], StringComparer.Ordinal);
        _running = Task.WhenAll([.. ids.Select(Write), Command(ids)]);
    }

    /// <summary>How many were answered how: <c>write 200</c>, <c>command 504</c>, <c>command timeout</c>.</summary>
    public IReadOnlyDictionary<string, long> Answers => _answers;

    /// <summary>Begins.</summary>
    /// <param name="rest">The platform's REST.</param>
    /// <param name="ids">The twins whose tags are written.</param>
    public static ApplicationLoad Start(Uri rest, IEnumerable<string> ids) => new(rest, [.. ids]);

    /// <summary>Ends; returns how many writes were answered with 2xx and are not there.</summary>
    public async Task<int> Finish()
    {
        await _end.CancelAsync();
        await _running;
        var lost = 0;
        foreach (var (id, answered) in _answered)
        {
            JsonNode? tags = null;
            await Eventually.Passes(async () => tags = JsonNode.Parse(await _http.GetStringAsync(new Uri($"/twins/{id}/tags", UriKind.Relative))));
            lost += Enumerable.Range(0, Tags).Count(tag => answered[tag] > ((long?)tags![Tag(tag)] ?? 0));
        }

        return lost;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _http.Dispose();
        _end.Dispose();
    }

    private static string Tag(long number) => $"t{(number % Tags).ToString(CultureInfo.InvariantCulture)}";

    private async Task Write(string id)
    {
        using var timer = new PeriodicTimer(s_pause);
        for (var number = _first; await Next(timer); number++)
        {
            var value = number.ToString(CultureInfo.InvariantCulture);
            var status = await Send("write", HttpMethod.Patch, $"/twins/{id}/tags", $"{{\"{Tag(number)}\":{value}}}", "application/merge-patch+json");
            if (status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent)
            {
                _answered[id][number % Tags] = number;
            }
        }
    }

    private async Task Command(IReadOnlyList<string> ids)
    {
        using var timer = new PeriodicTimer(s_pause);
        var sent = new ConcurrentBag<Task>();
        for (var number = 0; await Next(timer); number++)
        {
            sent.Add(Send("command", HttpMethod.Post, $"/twins/{ids[number % ids.Count]}/commands/ping?timeout=10s", "{}", "application/json"));
        }

        await Task.WhenAll(sent);
    }

    private async Task<bool> Next(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_end.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<HttpStatusCode?> Send(string what, HttpMethod method, string path, string body, string mediaType)
    {
        HttpStatusCode? status = null;
        string answer;
        using var patience = new CancellationTokenSource(what == "command" ? s_patience * 6 : s_patience);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
            using var response = await _http.SendAsync(request, patience.Token);
            status = response.StatusCode;
            answer = ((int)status).ToString(CultureInfo.InvariantCulture);
        }
        catch (OperationCanceledException)
        {
            answer = "timeout";
        }
        catch (HttpRequestException)
        {
            answer = "refused";
        }

        _answers.AddOrUpdate($"{what} {answer}", 1, static (_, count) => count + 1);
        return status;
    }
}
