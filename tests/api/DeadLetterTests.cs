using System.Text;
using Twins.Contracts;
using Twins.Contracts.Fleet;

namespace Twins.Api.Tests;

public sealed class DeadLetterTests : IDisposable
{
    private readonly ApiFixture _api = new();
    private readonly ApiClient _client;

    public DeadLetterTests() => _client = _api.Client;

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task They_are_paged_the_newest_first()
    {
        for (var i = 0; i < 5; i++)
        {
            await Add(i, "{}"u8.ToArray());
        }

        var first = (await _client.Get("/deadletters?limit=3")).Is(200);
        var cursor = (string)first.Json["cursor"]!;
        var second = (await _client.Get($"/deadletters?limit=3&cursor={cursor}")).Is(200);

        Assert.Equal(["4", "3", "2"], first.Json["items"]!.AsArray().Select(letter => ((string)letter!["id"]!)[^1..]));
        Assert.Equal(["1", "0"], second.Json["items"]!.AsArray().Select(letter => ((string)letter!["id"]!)[^1..]));
        Assert.Null(second.Json["cursor"]);
        (await _client.Get("/deadletters?limit=201")).IsProblem(400, "parameter-invalid");
        (await _client.Get("/deadletters?cursor=dGZsZWV0OjE")).IsProblem(400, "parameter-invalid");
    }

    [Fact]
    public async Task One_tells_its_reason_and_its_payload()
    {
        await Add(0, "{\"temp\": NaN}"u8.ToArray());

        var letter = (await _client.Get("/deadletters")).Is(200).Json["items"]![0]!;

        Assert.Equal("2026-01-02T03:04:05.678Z", (string?)letter["at"]);
        Assert.Equal("""{"status":400,"code":"payload-not-json","detail":"no JSON"}""", letter["problem"]!.ToJsonString());
        Assert.Equal(("gateway", "twins/pump/reported", "pump"), ((string?)letter["link"], (string?)letter["topic"], (string?)letter["twinId"]));
        Assert.Null(letter["connection"]);
        Assert.Equal((13, "utf-8", "{\"temp\": NaN}"), ((int)letter["payload"]!["bytes"]!, (string)letter["payload"]!["encoding"]!, (string)letter["payload"]!["start"]!));
    }

    [Fact]
    public async Task A_payload_is_text_where_it_is_text_even_if_cut()
    {
        byte[] cut = [.. Encoding.UTF8.GetBytes("caf"), 0xc3];
        await Add(0, cut, 2000);
        await Add(1, cut);
        await Add(2, [0xff, 0x00]);

        var items = (await _client.Get("/deadletters")).Is(200).Json["items"]!.AsArray();

        Assert.Equal(
            ["base64 /wA=", "base64 Y2Fmww==", "utf-8 caf"],
            items.Select(letter => $"{letter!["payload"]!["encoding"]} {letter["payload"]!["start"]}"));
    }

    private Task Add(int number, byte[] payload, long? bytes = null) => _api.Grains.DeadLetters.Add(new DeadLetter
    {
        Id = $"01KE0QZJ6E4Q0V7T8M2N5R9XY{number}",
        At = new DateTimeOffset(2026, 1, 2, 5, 4, 5, 678, TimeSpan.FromHours(2)),
        Link = "gateway",
        Topic = "twins/pump/reported",
        TwinId = "pump",
        Problem = new Problem(400, "payload-not-json", "no JSON"),
        PayloadStart = payload,
        PayloadBytes = bytes ?? payload.Length,
    });
}
