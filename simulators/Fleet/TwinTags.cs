using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Twins.Simulators.Fleet;

/// <summary>Sets what applications know of the devices, over REST, as an application would.</summary>
internal sealed class TwinTags(FleetEngine engine, Uri api) : IDisposable
{
    private const int Parallel = 8;
    private const int Attempts = 10;

    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // With a slash at its end, or the last part of a path would be replaced.
    private readonly HttpClient _client = new() { BaseAddress = new Uri(api.AbsoluteUri.TrimEnd('/') + '/'), Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>
    /// Sets the tags of all devices that have any: makes their twins, or changes the tags of those that are there. What
    /// does not work is said and counted; nobody to talk to ends it.
    /// </summary>
    public async Task SetAsync(IReadOnlyList<RollEntry> devices, CancellationToken cancellationToken)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await System.Threading.Tasks.Parallel.ForEachAsync(
                devices.Where(static device => device.Kind.Tags.Count > 0),
                new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = gone.Token },
                async (device, cancelled) =>
                {
                    try
                    {
                        await SetAsync(device, cancelled);
                    }
                    catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancelled.IsCancellationRequested))
                    {
                        engine.Troubles.Report("api-gone", $"nobody answers at {api}, where the tags of twins are set ({exception.Message}); start the platform there, or name another address");
                        await gone.CancelAsync();
                    }
                });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Said above; the fleet runs without tags.
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The body of the request: <c>{"tags":{…}}</c>.</summary>
    internal static string Body(RollEntry device)
    {
        var tags = device.Kind.Tags.Where(static tag => tag.Value.Count > 0).Select(tag =>
        {
            var value = tag.Value[(device.Number - 1) % tag.Value.Count];
            return $"{Quote(tag.Key)}:{(value.StartsWith('"') ? FleetRoll.Fill(value, device.Kind.Name, device.Number) : value)}";
        });
        return $"{{\"tags\":{{{string.Join(',', tags)}}}}}";
    }

    private static string Quote(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";

    private async Task SetAsync(RollEntry device, CancellationToken cancellationToken)
    {
        var body = Body(device);
        var (status, answer) = await SendAsync(HttpMethod.Put, device.Id, body, onlyIfAbsent: true, cancellationToken);
        if (status == HttpStatusCode.PreconditionFailed)
        {
            (status, answer) = await SendAsync(HttpMethod.Patch, device.Id, body, onlyIfAbsent: false, cancellationToken);
        }

        if ((int)status is >= 200 and < 300)
        {
            Interlocked.Increment(ref engine.Tally.Tagged);
        }
        else
        {
            engine.Troubles.Report($"tags-{(int)status}", $"{api} does not take the tags of {device.Id}: {(int)status} {answer}");
        }
    }

    private async Task<(HttpStatusCode Status, string Answer)> SendAsync(
        HttpMethod method, string id, string body, bool onlyIfAbsent, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, $"twins/{Uri.EscapeDataString(id)}");
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            if (onlyIfAbsent)
            {
                request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
            }

            using var response = await _client.SendAsync(request, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || attempt == Attempts)
            {
                return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
            }

            await engine.Scheduler.DelayAsync(Pause(response.Headers.RetryAfter), cancellationToken);
        }
    }

    private TimeSpan Pause(RetryConditionHeaderValue? after)
    {
        var pause = after?.Delta ?? (after?.Date is { } date ? date - engine.Options.Time.GetUtcNow() : DefaultPause);
        return pause < LongestPause ? pause : LongestPause;
    }
}
