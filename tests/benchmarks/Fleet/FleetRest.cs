using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Twins.Benchmarks.Fleet;

/// <summary>Who asks for the whole fleet, over REST.</summary>
internal sealed class FleetRest(Uri url) : IDisposable
{
    private static readonly TimeSpan s_complete = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http = new() { BaseAddress = url };

    /// <summary>How many twins a filter holds for.</summary>
    public static string Count(string filter) => $"/twins/count?filter={Uri.EscapeDataString(filter)}";

    /// <summary>A page of 25 twins.</summary>
    public static string Page(string filter, string sort) => $"/twins?filter={Uri.EscapeDataString(filter)}&sort={Uri.EscapeDataString(sort)}&limit=25";

    /// <summary>What twins add up to.</summary>
    public static string Aggregate(string filter, string group, string measure) =>
        $"/twins/aggregate?filter={Uri.EscapeDataString(filter)}&group={Uri.EscapeDataString(group)}&measure={Uri.EscapeDataString(measure)}";

    /// <summary>How many a count has counted.</summary>
    public static long CountIn(byte[] answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("count").GetInt64();
    }

    /// <summary>What a path answers.</summary>
    /// <exception cref="InvalidOperationException">It was not answered with 200.</exception>
    public async Task<byte[]> Get(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        var body = await answer.Content.ReadAsByteArrayAsync();
        return answer.StatusCode == HttpStatusCode.OK
            ? body
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"GET {path} was answered {(int)answer.StatusCode}: {Encoding.UTF8.GetString(body)}"));
    }

    /// <summary>What the process counts of itself.</summary>
    public async Task<MetricsPage> Metrics() => new(Encoding.UTF8.GetString(await Get("/metrics")));

    /// <summary>Returns when the index has so many twins.</summary>
    public Task Indexed(long twins) => Eventually.Passes(
        async () =>
        {
            var there = CountIn(await Get("/twins/count"));
            if (there != twins)
            {
                throw new TimeoutException($"the fleet index has {there} twins rather than {twins}");
            }
        },
        s_complete);

    public void Dispose() => _http.Dispose();
}
