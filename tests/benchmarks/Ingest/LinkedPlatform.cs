using System.Net;
using System.Text.Json;

namespace Twins.Benchmarks.Ingest;

/// <summary>The platform with a broker link, read over REST.</summary>
internal sealed class LinkedPlatform : ISubscriber
{
    private readonly Servers _servers;
    private readonly HttpClient _http;

    private LinkedPlatform(Servers servers)
    {
        _servers = servers;
        _http = new HttpClient { BaseAddress = servers.Twins.Url };
    }

    public int Process => _servers.Twins.Id;

    public int? StoreProcess => _servers.StoreProcess;

    public static async Task<ISubscriber> Start(Store store, int brokerPort)
    {
        var servers = await Servers.Launch(store, brokerPort);
        await servers.Twins.Ready();
        await Eventually.Is(() => servers.Twins.Output.Contains("is connected to", StringComparison.Ordinal), "the broker link");
        return new LinkedPlatform(servers);
    }

    public async Task<bool> Has(string twinId)
    {
        using var response = await _http.GetAsync(new Uri($"/twins/{twinId}", UriKind.Relative));
        return response.StatusCode == HttpStatusCode.OK;
    }

    public async Task<long> Revisions()
    {
        long sum = 0;
        string? cursor = null;
        do
        {
            var query = $"/twins?limit=200{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
            using var page = JsonDocument.Parse(await _http.GetByteArrayAsync(new Uri(query, UriKind.Relative)));
            sum += page.RootElement.GetProperty("items").EnumerateArray().Sum(twin => twin.GetProperty("revision").GetInt64());
            cursor = page.RootElement.TryGetProperty("cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        return sum;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _servers.DisposeAsync();
    }
}
