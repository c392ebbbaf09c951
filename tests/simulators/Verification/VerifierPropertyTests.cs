using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Twins.Contracts.Json;
using Twins.Simulators.Mqtt;
using Xunit;

namespace Twins.Simulators.Tests.Verification;

/// <summary>The verifier, which never holds a document, against every document that the platform's own rules can lead to.</summary>
public sealed class VerifierPropertyTests
{
    private const int NeverSent = 99;

    private static readonly string[] Patches =
    [
        "{'a':#}", "{'b':#}", "{'m':{'x':#}}", "{'m':{'y':#}}", "{'m':#}", "{'m':null}", "{'a':null}", "{'m':{'x':null}}",
        "{'a':#,'m':{'x':#}}", "{'m':{}}", "{'m':{'d':{'z':#}}}", "{'m':{'d':#}}",
    ];

    private static readonly string[][] Paths = [["a"], ["b"], ["m"], ["m", "x"], ["m", "y"], ["m", "d"], ["m", "d", "z"]];

    // At most eight unacknowledged reports: 256 documents to compare with.
    private static readonly Gen<(string Patch, bool Acknowledged)[]> Reports =
        Gen.Select(Gen.Int[0, Patches.Length - 1], Gen.Int[1, 4], Gen.Int[0, 9])
            .Select(static (patch, value, luck) => (Patches[patch].Replace('\'', '"').Replace("#", $"{value}", StringComparison.Ordinal), luck >= 4))
            .Array[1, 12].Where(static reports => reports.Count(static report => !report.Item2) <= 8);

    private static readonly Gen<(string[] Path, int Value, int Pick)> Damage = Gen.Select(
        Gen.Int[0, 6].Select(static path => Paths[path]), Gen.Int[0, 5], Gen.Int[0, 255]);

    [Fact]
    public async Task Without_stamps_all_that_can_be_is_clean_and_any_change_is_named() =>
        await Gen.Select(Reports, Damage, Gen.Int[0, 255]).SampleAsync(
            (reports, damage, applied) => CheckAsync(reports, Enumerable.Range(0, reports.Length).ToArray(), false, damage, applied), iter: 500);

    [Fact]
    public async Task With_stamps_the_same_in_any_order_of_sending_and_arrival() =>
        await Gen.Select(Reports, Damage, Gen.Int[0, 255]).SelectMany(static all => Gen.Shuffle(Enumerable.Range(0, all.Item1.Length).ToArray()).Select(order => (all, order)))
            .SampleAsync(drawn => CheckAsync(drawn.all.Item1, drawn.order, true, drawn.all.Item2, drawn.all.Item3), iter: 500);

    // order: which place in the device's order each report has, in the order of sending.
    private static async Task CheckAsync(
        (string Patch, bool Acknowledged)[] reports, int[] order, bool stamped, (string[] Path, int Value, int Pick) damage, int applied)
    {
        using var script = new LedgerScript();
        await script.WriteAsync([.. reports.Select((report, index) =>
            ("sim:a", report.Patch, stamped ? new MessageStamp(3, (ulong)order[index] + 1, null) : MessageStamp.None, report.Acknowledged))]);
        if (!Array.Exists(reports, static report => report.Acknowledged) && applied == 0)
        {
            return;
        }

        // Any subset of the unacknowledged may have arrived; the stamped in any order, so from the last to the first as well.
        var twin = Apply(reports, order, stamped, applied, backwards: applied % 2 == 1);
        script.Platform.Set("sim:a", twin);
        Assert.Equal("", await script.FindingsAsync());

        var before = JsonNode.Parse(twin)!;
        if (Plant(before, damage) is not { } changed)
        {
            return;
        }

        File.Delete(script.Path + ".seen");
        script.Platform.Set("sim:a", changed);
        var found = At(JsonNode.Parse(changed)!, damage.Path);
        var possible = Enumerable.Range(0, 1 << reports.Count(static report => !report.Acknowledged))
            .Any(subset => Same(At(JsonNode.Parse(Apply(reports, order, stamped, subset, false))!, damage.Path), found));
        var verdict = possible ? ""
            : found is null ? "lost"
            : Array.Exists(reports, report => Same(At(JsonNode.Parse(report.Patch)!, damage.Path), found)) ? "stale"
            : "wrong";
        var findings = (await script.VerifyAsync()).Findings;
        if (verdict.Length == 0)
        {
            Assert.Empty(findings);
            return;
        }

        var finding = Assert.Single(findings);
        Assert.Equal((verdict, string.Join('/', damage.Path)), (finding.Verdict.ToString().ToLowerInvariant(), finding.Property));
    }

    // What the platform makes of it, by the rules it uses itself.
    private static string Apply((string Patch, bool Acknowledged)[] reports, int[] order, bool stamped, int subset, bool backwards)
    {
        byte[] document = "{}"u8.ToArray(), stamps = "{}"u8.ToArray();
        var arrivals = Enumerable.Range(0, reports.Length).Where(index => reports[index].Acknowledged
            || (subset >> reports.Take(index).Count(static report => !report.Acknowledged) & 1) == 1);
        foreach (var index in stamped && backwards ? arrivals.Reverse() : arrivals)
        {
            var now = DateTimeOffset.UnixEpoch;
            var stamp = stamped ? Stamp.Sequenced(now, 1, (ulong)order[index] + 1) : Stamp.Arrival(now);
            var accepted = Stamps.Accept(stamps, Encoding.UTF8.GetBytes(reports[index].Patch), stamp);
            document = MergePatch.Apply(document, accepted.Patch);
            stamps = accepted.Stamps;
        }

        return Encoding.UTF8.GetString(document);
    }

    // Changes one value that is there, or removes it; null where that would change nothing.
    private static string? Plant(JsonNode document, (string[] Path, int Value, int Pick) damage)
    {
        var parent = At(document, damage.Path[..^1]) as JsonObject;
        if (parent?[damage.Path[^1]] is not JsonValue there || (damage.Value != 0 && there.GetValue<int>() == damage.Value))
        {
            return null;
        }

        if (damage.Value == 0)
        {
            parent.Remove(damage.Path[^1]);
        }
        else
        {
            parent[damage.Path[^1]] = damage.Value == 5 ? NeverSent : damage.Value;
        }

        return document.ToJsonString();
    }

    private static JsonNode? At(JsonNode document, string[] path) =>
        path.Aggregate((JsonNode?)document, static (node, name) => (node as JsonObject)?[name]);

    private static bool Same(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(one, other);
}
