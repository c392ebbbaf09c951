using System.Globalization;
using System.Text.Json;
using HdrHistogram;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Fleet;

/// <summary>Something that the whole fleet is asked, each time in other words, so that no answer is one of before.</summary>
/// <param name="Name">As the table says it.</param>
/// <param name="Path">What is asked the n-th time.</param>
/// <param name="Found">What an answer has come to: twins, a count, groups.</param>
internal sealed record FleetQuestion(string Name, Func<int, string> Path, Func<byte[], long> Found)
{
    private const string Measures = "avg(reported/temp),max(reported/motor/rpm),count";

    /// <summary>How long the answers took, microseconds, up to two minutes.</summary>
    public LongHistogram Times { get; } = new(120_000_000, 3);

    /// <summary>What the last answer came to.</summary>
    public long LastFound { get; set; }

    /// <summary>What is asked of twins with <see cref="FleetPayload"/>; the first is the baseline.</summary>
    public static FleetQuestion[] All(int twins) =>
    [
        new("baseline: REST read of one twin", n => $"/twins/{LoadPacket.TwinId((int)(n * 7919L % twins))}", _ => 1),
        new("one site in 1,000, sorted, page of 25", n => FleetRest.Page(Site(n), "-reported/temp"), Items),
        new("the same, two sort keys", n => FleetRest.Page(Site(n + (FleetPayload.Sites / 2)), "+reported/kind,-reported/temp"), Items),
        new("a number, holds for half: count", n => FleetRest.Count(Warmer(54.95, n)), FleetRest.CountIn),
        new("ilike of a text that no two share: count", n => FleetRest.Count(Invariant($"ilike(reported/serial,\"*sn-*{n % 100:00}*\")")), FleetRest.CountIn),
        new("all by kind, avg, max and count", n => FleetRest.Aggregate(Warmer(9, n), "reported/kind", Measures), Groups),
        new("all by site, avg, max and count", n => FleetRest.Aggregate(Warmer(9, n), "reported/site", Measures), Groups),
    ];

    private static string Site(int number) => Invariant($"eq(reported/site,\"s{number % FleetPayload.Sites:000}\")");

    /// <summary>Every time a little more, less than from one temperature to the next.</summary>
    private static string Warmer(double than, int n) => Invariant($"gt(reported/temp,{than + (n * 0.000001):0.000000})");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static long Items(byte[] answer) => Length(answer, "items");

    private static long Groups(byte[] answer) => Length(answer, "groups");

    private static long Length(byte[] answer, string member)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty(member).GetArrayLength();
    }
}
