using System.Net;
using System.Text.Json;

namespace Twins.Simulators.Verification;

/// <summary>Reads twins over REST. Safe for any thread.</summary>
internal sealed class TwinsApi(HttpClient http, TimeProvider time)
{
    // How long the platform may be busy, and how long it may not be there at all, before that is an answer.
    private static readonly TimeSpan BusyPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AbsentPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Reads a twin; null where there is none.</summary>
    /// <exception cref="ApiException">Nobody answers, or not as a platform does.</exception>
    public async Task<FoundTwin?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(
                    new Uri($"twins/{id}?fields=reported,revision,createdAt", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                switch (answer.StatusCode)
                {
                    case HttpStatusCode.OK:
                        return await TwinOfAsync(answer, id, cancellationToken);
                    case HttpStatusCode.NotFound when await IsTwinNotFoundAsync(answer, cancellationToken):
                        return null;
                    case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable when time.GetElapsedTime(since) < BusyPatience:
                        await Task.Delay(RetryAfter(answer), time, cancellationToken);
                        continue;
                    default:
                        throw new ApiException($"{http.BaseAddress} answers {(int)answer.StatusCode} for twin {id}; {Remedy(answer.StatusCode)}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException { InnerException: TimeoutException })
            {
                if (time.GetElapsedTime(since) >= AbsentPatience)
                {
                    throw new ApiException($"nothing answers at {http.BaseAddress}; start the platform there, or name another address with --api", exception);
                }

                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task<FoundTwin> TwinOfAsync(HttpResponseMessage answer, string id, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            var root = document.RootElement;
            return new FoundTwin(
                root.GetProperty("revision").GetInt64(),
                root.TryGetProperty("createdAt", out var created) ? created.GetDateTimeOffset() : DateTimeOffset.MinValue,
                root.TryGetProperty("reported", out var reported) ? reported.Clone() : JsonElement.Parse("{}"));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ApiException($"{http.BaseAddress} does not answer with twin {id} as JSON; is it the platform's address?", exception);
        }
    }

    // Other servers and proxies answer 404 to everything; that is not a lost twin.
    private static async Task<bool> IsTwinNotFoundAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            using var problem = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            return problem.RootElement.ValueKind == JsonValueKind.Object
                && problem.RootElement.TryGetProperty("code", out var code) && code.ValueEquals("twin-not-found"u8);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private TimeSpan RetryAfter(HttpResponseMessage answer)
    {
        var told = answer.Headers.RetryAfter;
        var wait = told?.Delta ?? told?.Date - time.GetUtcNow() ?? Pause;
        return wait < Pause ? Pause : wait < LongestPause ? wait : LongestPause;
    }

    private static string Remedy(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => "that is not the platform's; name its address with --api",
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => $"it was busy for {BusyPatience.TotalSeconds:0} s; try again later",
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "it wants credentials",
        _ => "look at its log",
    };
}
