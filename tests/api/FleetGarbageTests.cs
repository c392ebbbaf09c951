using System.Buffers.Text;
using CsCheck;

namespace Twins.Api.Tests;

/// <summary>Whatever somebody sends: an answer, or one sentence on what is wrong with it; never a failure of ours.</summary>
public sealed class FleetGarbageTests : IDisposable
{
    private const string Query = "/twins?filter=exists(reported/v)&sort=reported/v,-tags/a&limit=1";

    private static readonly string[] Places =
    [
        "/twins?filter=", "/twins?sort=", Query + "&cursor=", "/twins?cursor=", "/twins/count?filter=", "/twins/aggregate?group=", "/twins/aggregate?measure=",
    ];

    private readonly ApiFixture _api = new();
    private readonly ApiClient _client;

    public FleetGarbageTests()
    {
        _client = _api.Client;
        _api.Grains.Seed("a", """{"v":"text"}""", "{}", """{"a":1}""");
        _api.Grains.Seed("b", """{"v":3.5}""");
        _api.Grains.Seed("c", """{"v":true}""");
    }

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task Any_text_anywhere() =>
        await Gen.Select(OneOf(Places), Gen.OneOf(Gen.String, Words)).SampleAsync(
            async (place, text) => await IsAnswered(place + Uri.EscapeDataString(text)), iter: 600, threads: 1);

    [Fact]
    public async Task Any_octets_as_cursor() =>
        await Gen.Select(OneOf("qtdx".ToCharArray()), Gen.Byte.Array[0, 60]).SampleAsync(
            async (mark, bytes) => await IsAnswered(Query + "&cursor=" + Base64Url.EncodeToString([(byte)mark, .. bytes])), iter: 400, threads: 1);

    [Fact]
    public async Task A_cursor_that_somebody_changed()
    {
        var cursor = Base64Url.DecodeFromChars((string)(await _client.Get(Query)).Is(200).Json["cursor"]!);

        await Gen.Select(Gen.Int[0, cursor.Length - 1], Gen.Byte, Gen.Int[0, cursor.Length]).SampleAsync(
            async (at, octet, length) =>
            {
                var changed = cursor.ToArray();
                changed[at] = octet;
                await IsAnswered(Query + "&cursor=" + Base64Url.EncodeToString(changed));
                await IsAnswered(Query + "&cursor=" + Base64Url.EncodeToString(changed.AsSpan(0, length)));
                await IsAnswered(Query + "&cursor=" + Base64Url.EncodeToString([.. changed, octet]));
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public async Task A_cursor_cut_off_anywhere_is_refused()
    {
        var cursor = Base64Url.DecodeFromChars((string)(await _client.Get(Query)).Is(200).Json["cursor"]!);
        for (var length = 1; length < cursor.Length; length++)
        {
            (await _client.Get(Query + "&cursor=" + Base64Url.EncodeToString(cursor.AsSpan(0, length)))).Is(400);
        }

        (await _client.Get(Query + "&cursor=" + Base64Url.EncodeToString([.. cursor, 0]))).IsProblem(400, "parameter-invalid");
    }

    /// <summary>Nearly a query: what random characters would never come to.</summary>
    private static Gen<string> Words => OneOf<string>(
        [
            "and(", "not(", "eq(", "in(", "like(", "stale(", "exists(", ")", ",", "(", "tags/a", "reported/v", "id", "createdAt", "delta", "\"", "\"a*\"", "\"10m\"", "1e999", "-", "+", "true", "time:now-1d", "/", "\\", "count", "avg(", "é",
        ])
        .Array[0, 12].Select(string.Concat);

    private static Gen<T> OneOf<T>(T[] all) => Gen.Int[0, all.Length - 1].Select(i => all[i]);

    private async Task IsAnswered(string url)
    {
        var answer = await _client.Get(url);

        Assert.True(answer.Status is 200 or 400, $"{url}: {answer.Status} {answer.Body}");
        Assert.StartsWith(answer.Status == 200 ? "application/json" : "application/problem+json", answer.ContentType, StringComparison.Ordinal);
    }
}
