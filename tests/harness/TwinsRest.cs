using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Twins.Tests.Harness;

/// <summary>REST as an application uses it.</summary>
public sealed class TwinsRest(Uri url) : IDisposable
{
    private const string MergePatch = "application/merge-patch+json";

    private readonly HttpClient _http = new(new ConnectionErrors()) { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2) };

    public Task<RestAnswer> Get(string path, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Get, path, body: (byte[]?)null, mediaType: null, headers);

    public Task<RestAnswer> Delete(string path) => Send(HttpMethod.Delete, path, body: (byte[]?)null, mediaType: null);

    public Task<RestAnswer> Put(string path, string json) => Send(HttpMethod.Put, path, json, "application/json");

    public Task<RestAnswer> Post(string path, string json, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, json, "application/json", headers);

    /// <summary>RFC 7396.</summary>
    public Task<RestAnswer> Patch(string path, string json, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Patch, path, json, MergePatch, headers);

    /// <summary>The twin, which must be there.</summary>
    public async Task<JsonNode> Twin(string id) => (await Get($"/twins/{id}")).Expect(HttpStatusCode.OK)!;

    /// <summary>What the twin's device reported; null where there is no twin yet.</summary>
    public async Task<JsonNode?> Reported(string id)
    {
        var answer = await Get($"/twins/{id}");
        return answer.Status == HttpStatusCode.NotFound ? null : answer.Expect(HttpStatusCode.OK)!["reported"];
    }

    /// <summary>Returns the sum of a metric over all its labels (<c>/metrics</c>); 0 if there is none yet.</summary>
    public async Task<long> Metric(string name) => (await Get("/metrics")).Text.Split('\n')
        .Where(line => line.StartsWith($"{name}{{", StringComparison.Ordinal))
        .Select(line => (long)double.Parse(line.Split("} ")[1].Split(' ')[0], CultureInfo.InvariantCulture))
        .Sum();

    /// <summary>The dead letters that match, newest first.</summary>
    public async Task<IReadOnlyList<JsonNode>> DeadLetters(Predicate<JsonNode> match)
    {
        var letters = new List<JsonNode>();
        await foreach (var letter in Items("/deadletters"))
        {
            if (match(letter))
            {
                letters.Add(letter);
            }
        }

        return letters;
    }

    /// <summary>The ids of all twins, in the order they are listed.</summary>
    public async Task<IReadOnlyList<string>> TwinIds()
    {
        var ids = new List<string>();
        await foreach (var twin in Items("/twins"))
        {
            ids.Add((string)twin["id"]!);
        }

        return ids;
    }

    /// <summary>What a list holds, over all its pages.</summary>
    public async IAsyncEnumerable<JsonNode> Items(string path)
    {
        string? cursor = null;
        do
        {
            var page = (await Get($"{path}?limit=200{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}")).Expect(HttpStatusCode.OK)!;
            foreach (var item in page["items"]!.AsArray())
            {
                yield return item!;
            }

            cursor = (string?)page["cursor"];
        }
        while (cursor is not null);
    }

    /// <summary>A request of any kind.</summary>
    public Task<RestAnswer> Send(
        HttpMethod method,
        string path,
        string body,
        string mediaType,
        params (string Name, string Value)[] headers) =>
        Send(method, path, Encoding.UTF8.GetBytes(body), mediaType, headers);

    /// <summary>A request of any kind.</summary>
    public async Task<RestAnswer> Send(
        HttpMethod method,
        string path,
        byte[]? body,
        string? mediaType,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            // A server that refuses a long body need not read it: ask first, as curl does.
            request.Headers.ExpectContinue = body.Length > 1024 * 1024;
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = mediaType is null ? null : new MediaTypeHeaderValue(mediaType);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        return new RestAnswer(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Server-Sent Events.</summary>
    public Task<LiveEvents> Listen(string path, string? lastEventId = null) => LiveEvents.Open(_http, path, lastEventId);

    public void Dispose() => _http.Dispose();
}
