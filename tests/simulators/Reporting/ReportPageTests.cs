using System.Globalization;
using System.Text.RegularExpressions;
using Twins.Simulators.Fleet;
using Twins.Simulators.Reporting;
using Twins.Simulators.Views;
using Xunit;

namespace Twins.Simulators.Tests.Reporting;

public sealed partial class ReportPageTests
{
    private const string Hostile = "</title><script>alert('x')</script>\"&";

    [Fact]
    public void What_comes_from_outside_is_escaped_wherever_it_stands()
    {
        var page = Page(new FleetSnapshot
        {
            Devices = 2,
            EverConnected = 2,
            Troubles = [new Trouble(Hostile, 3)],
            Faults = new Dictionary<string, long> { [Hostile] = 1 },
        });
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("'x'", page, StringComparison.Ordinal);
        Assert.True(Regex.Count(page, Regex.Escape("&lt;script&gt;")) >= 7, "title, heading, plan, kind, error, fault and repeat");
    }

    [Fact]
    public void A_page_needs_nothing_but_itself()
    {
        var page = Page(Good);
        Assert.DoesNotMatch(External(), page);
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.Contains("@media print", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_chart_is_there_and_inside_its_frame()
    {
        var page = Page(Good);
        foreach (var title in (string[])["Messages", "Latency", "Connected devices", "Faults", "Latency distribution", "Settings"])
        {
            Assert.Contains($"<h2>{title}</h2>", page, StringComparison.Ordinal);
        }

        foreach (Match line in Lines().Matches(page))
        {
            foreach (Match point in Numbers().Matches(line.Groups["path"].Value))
            {
                Assert.InRange(double.Parse(point.Value, CultureInfo.InvariantCulture), 0, 1000);
            }
        }

        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 5, 0, 9, 9, "All 9 messages of 5 devices were acknowledged.")]
    [InlineData(5, 0, 5, 0, 0, "None of 5 devices could connect.")]
    [InlineData(5, 4, 1, 9, 7, "1 of 5 devices never connected, and 2 of 9 messages were not acknowledged.")]
    [InlineData(5, 5, 0, 9, 8, "1 of 9 messages were not acknowledged.")]
    public void The_verdict_is_a_sentence(int devices, int connected, int never, int published, int acknowledged, string sentence) =>
        Assert.Equal(sentence, ReportPage.Verdict(Summary(new FleetSnapshot
        {
            Devices = devices, EverConnected = connected, NeverConnected = never, Published = published, Acknowledged = acknowledged, Unacknowledged = published - acknowledged,
        })));

    [Fact]
    public void A_run_that_came_to_nothing_has_a_page_too()
    {
        var page = ReportPage.Of(new RunReport("t", "p", DateTimeOffset.UnixEpoch, Summary(new FleetSnapshot { Devices = 1, NeverConnected = 1 }), new RunSeries(), [], [], "run", new FleetOptions()));
        Assert.Contains("The run was too short for charts", page, StringComparison.Ordinal);
        Assert.Contains("None of 1 devices could connect.", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(1000, "0 200 400 600 800 1,000")]
    [InlineData(1001, "0 500 1,000 1,500")]
    [InlineData(0, "0 1")]
    public void Axes_have_round_numbers(double greatest, string ticks) => Assert.Equal(
        ticks,
        greatest is 0
            ? string.Join(' ', Scale.OfCount(0).Ticks.Select(tick => tick.Label))
            : string.Join(' ', Scale.FromZero(greatest, value => Math.Round(value, 6).ToString("#,0.##", CultureInfo.InvariantCulture)).Ticks.Select(tick => tick.Label)));

    [Fact]
    public void Times_and_latencies_have_round_ticks_too()
    {
        Assert.Equal("00:00 00:10 00:20", string.Join(' ', Scale.OfTime(TimeSpan.FromSeconds(26)).Ticks.Select(tick => tick.Label).Where((_, index) => index % 2 == 0)));
        Assert.Equal("00:00 48:00:00 96:00:00 144:00:00 192:00:00", string.Join(' ', Scale.OfTime(TimeSpan.FromDays(9)).Ticks.Select(tick => tick.Label)));
        Assert.Equal("0.1 ms 1 ms 10 ms 100 ms 1 s 10 s", string.Join(' ', Scale.OfLatency(0.3, 1200).Ticks.Select(tick => tick.Label)));
    }

    private static FleetSnapshot Good => new()
    {
        State = FleetState.Stopped,
        Devices = 10,
        EverConnected = 10,
        Elapsed = TimeSpan.FromSeconds(30),
        Published = 300,
        Acknowledged = 300,
        Latency = new LatencySummary(300, 2, 1, 4, 20, 300, 1500),
        Faults = new Dictionary<string, long> { ["flap"] = 2 },
    };

    private static RunSummary Summary(FleetSnapshot end) => RunSummary.Of(new FleetOptions(), end, 1, null, null);

    private static string Page(FleetSnapshot end)
    {
        var series = new RunSeries();
        for (var second = 1; second <= 30; second++)
        {
            series.Add(new FleetSnapshot
            {
                State = FleetState.Running,
                Elapsed = TimeSpan.FromSeconds(second),
                Published = second * 10,
                Acknowledged = second < 10 ? second * 10 : second < 15 ? 90 : second * 10,
                Connected = second == 12 ? 0 : 10,
                RecentLatency = new LatencySummary(10, 1, 0.5 * second, 1, 30 * second, 2, 2),
                Faults = second > 11 ? end.Faults : new Dictionary<string, long>(),
            });
        }

        return ReportPage.Of(new RunReport(
            Hostile, Hostile, DateTimeOffset.UnixEpoch, Summary(end), series,
            end.Latency.Count == 0 ? [] : [new LatencyBucket(0.8, 1, 200), new LatencyBucket(1, 1.25, 0), new LatencyBucket(1.25, 1600, 100)],
            [(Hostile, 10)], Hostile, new FleetOptions()));
    }

    [GeneratedRegex("src|href|url\\(|@import|https?://", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex External();

    [GeneratedRegex(" d=\"(?<path>[^\"]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Lines();

    [GeneratedRegex("-?[0-9.]+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Numbers();
}
