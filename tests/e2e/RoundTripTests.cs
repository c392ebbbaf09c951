using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>
/// Every document that the platform accepts is read back equal, patched, compared, found by each of its leaves, sent to the device, reported by
/// it and deleted. <c>TWINS_DOCUMENTS</c> is how many documents are tried.
/// </summary>
public sealed class RoundTripTests(Platforms platforms) : PlatformTest(platforms)
{
    private static readonly int s_documents = int.Parse(Environment.GetEnvironmentVariable("TWINS_DOCUMENTS") ?? "60", CultureInfo.InvariantCulture);

    private TwinsRest _rest = null!;
    private PahoClient _device = null!;
    private string _id = null!;

    [Fact]
    public async Task Whatever_is_accepted_comes_back()
    {
        var platform = await On(Store.Embedded);
        _rest = platform.Rest;
        _id = NewTwinId("round");
        _device = await ConnectListeningDevice(platform, Link.Gateway, _id);
        var accepted = 0;

        await JsonDocuments.Objects.SampleAsync(async text => accepted += await Trip(text) ? 1 : 0, iter: s_documents, threads: 1);

        Assert.InRange(accepted, s_documents / 2, s_documents);
    }

    /// <summary>Returns false if the document is refused, with a reason.</summary>
    private async Task<bool> Trip(string text)
    {
        (await _rest.Delete($"/twins/{_id}/desired")).Expect(HttpStatusCode.NoContent);
        (await _rest.Delete($"/twins/{_id}/reported")).Expect(HttpStatusCode.NoContent);
        var put = await _rest.Put($"/twins/{_id}/desired", text);
        if (put.Status == HttpStatusCode.BadRequest)
        {
            Assert.True((string?)put.Json!["code"] is "name-reserved" or "payload-name-invalid" or "payload-too-deep", $"{text}: {put}");
            return false;
        }

        var receipt = put.Expect(HttpStatusCode.OK)!;
        using var expected = JsonDocument.Parse(JsonDocuments.WithoutNulls(JsonNode.Parse(text)!).ToJsonString());
        var document = expected.RootElement;
        await AssertReads("desired", document);
        if (document.GetPropertyCount() > 0)
        {
            var sent = await _device.Receive(message => message.Topic == $"twins/{_id}/desired" && (long?)message.Json["$revision"] == (long?)receipt["revision"], $"what is desired: {text}");
            var delta = JsonNode.Parse(sent.Text)!.AsObject();
            delta.Remove("$revision");
            AssertEqual(document, delta.ToJsonString());
        }

        // Patched with itself, nothing changes; and it is what it is.
        Assert.Equal((long?)receipt["revision"], (long?)(await _rest.Patch($"/twins/{_id}/desired", text)).Expect(HttpStatusCode.OK)!["revision"]);
        (await _rest.Send(HttpMethod.Patch, $"/twins/{_id}/desired", $$"""[{"op":"test","path":"","value":{{document.GetRawText()}}}]""", "application/json-patch+json")).Expect(HttpStatusCode.OK);

        await _device.Publish($"twins/{_id}/reported", document.GetRawText());
        await AssertReads("reported", document);
        var leaves = JsonDocuments.Leaves(document).ToArray();
        foreach (var (path, value) in leaves)
        {
            AssertEqual(value, (await _rest.Get(Address("reported", path))).Text);
            await AssertFound(path, value);
        }

        Assert.Equal(1, await Count("empty(delta)"));
        foreach (var (path, _) in leaves)
        {
            (await _rest.Delete(Address("reported", path))).Expect(HttpStatusCode.NoContent);
        }

        return true;
    }

    private string Address(string section, string[] path) =>
        $"/twins/{_id}/{section}/{string.Join('/', path.Select(name => Uri.EscapeDataString(name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal))))}";

    private static void AssertEqual(JsonElement expected, string actual)
    {
        using var read = JsonDocument.Parse(actual);
        Assert.True(JsonDocuments.AreEqual(expected, read.RootElement), $"{expected.GetRawText()} became {actual}");
    }

    private async Task AssertReads(string section, JsonElement expected) => AssertEqual(expected, (await _rest.Get($"/twins/{_id}/{section}")).Text);

    private async Task AssertFound(string[] path, JsonElement value)
    {
        var spelled = $"reported/{string.Join('/', path.Select(JsonDocuments.Quote))}";
        Assert.Equal(1, await Count($"exists({spelled})"));
        if (value.ValueKind is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False
            || (value.ValueKind == JsonValueKind.Number && double.IsFinite(double.Parse(value.GetRawText(), CultureInfo.InvariantCulture))))
        {
            Assert.Equal(1, await Count($"eq({spelled},{value.GetRawText()})"));
        }
    }

    private async Task<int> Count(string filter)
    {
        var answer = await _rest.Get($"/twins/count?filter={Uri.EscapeDataString($"and(eq(id,\"{_id}\"),{filter})")}", ("Revision-Token", $"{_id}@{await Revision()}"));
        return (int)answer.Expect(HttpStatusCode.OK)!["count"]!;
    }

    private async Task<long> Revision() => (long)(await _rest.Twin(_id))["revision"]!;
}
