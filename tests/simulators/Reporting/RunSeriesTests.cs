using Twins.Simulators.Fleet;
using Twins.Simulators.Reporting;
using Xunit;

namespace Twins.Simulators.Tests.Reporting;

public sealed class RunSeriesTests
{
    [Theory]
    [InlineData(10, 10)]
    [InlineData(600, 600)]
    [InlineData(601, 301)]
    [InlineData(100_000, 392)]
    public void A_long_run_has_as_many_samples_as_a_short_one_and_loses_no_message(int seconds, int samples)
    {
        var series = new RunSeries();
        for (var second = 1; second <= seconds; second++)
        {
            series.Add(At(second, published: second * 7, acknowledged: second * 6));
        }

        Assert.Equal(samples, series.Samples.Count);
        Assert.Equal((seconds * 7L, seconds * 6L), (series.Samples.Sum(sample => sample.Published), series.Samples.Sum(sample => sample.Acknowledged)));
        Assert.Equal(TimeSpan.FromSeconds(seconds), series.Samples[^1].To);
        Assert.All(series.Samples.Skip(1).Zip(series.Samples), pair => Assert.Equal(pair.Second.To, pair.First.From));
        Assert.All(series.Samples, sample => Assert.Equal(7, sample.PublishedPerSecond, 6));
    }

    [Fact]
    public void Seconds_without_acknowledgements_have_no_latency_and_a_fault_counts_where_it_struck()
    {
        var series = new RunSeries();
        series.Add(At(1, 5, 5) with { RecentLatency = new LatencySummary(5, 1, 2, 3, 4, 5, 6), Connected = 3 });
        series.Add(At(2, 9, 5) with { RecentLatency = new LatencySummary(5, 1, 2, 3, 4, 5, 6), Connected = 2, Faults = new Dictionary<string, long> { ["flap"] = 2 } });
        series.Add(At(3, 9, 9) with { RecentLatency = new LatencySummary(4, 1, 7, 8, 9, 9, 9), Connected = 3, Faults = new Dictionary<string, long> { ["flap"] = 2, ["skew"] = 1 } });
        // Acknowledged, and not counted yet: no latency rather than none at all.
        series.Add(At(4, 10, 10) with { Connected = 3, Faults = new Dictionary<string, long> { ["flap"] = 2, ["skew"] = 1 } });
        Assert.Equal([2.0, null, 7.0, null], series.Samples.Select(sample => sample.P50));
        Assert.Equal(["", "flap 2", "skew 1", ""], series.Samples.Select(sample => string.Join(',', sample.Faults.Select(kind => $"{kind.Key} {kind.Value}"))));
        Assert.Equal([3, 2, 3, 3], series.Samples.Select(sample => sample.Connected));
    }

    [Fact]
    public void What_is_left_at_the_end_is_no_spike()
    {
        var series = new RunSeries();
        series.Add(At(1, 10, 10));
        series.Add(At(1.05, 30, 30) with { State = FleetState.Stopped });
        Assert.Equal(30, Assert.Single(series.Samples).Published);
        Assert.Equal(30 / 1.05, series.Samples[0].PublishedPerSecond, 6);
    }

    private static FleetSnapshot At(double seconds, long published, long acknowledged) => new()
    {
        State = FleetState.Running,
        Elapsed = TimeSpan.FromSeconds(seconds),
        Published = published,
        Acknowledged = acknowledged,
    };
}
