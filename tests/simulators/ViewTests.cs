using Spectre.Console;
using Twins.Simulators.Fleet;
using Twins.Simulators.Views;
using Xunit;

namespace Twins.Simulators.Tests;

public sealed class ViewTests
{
    [Theory]
    [InlineData(0.1234, "0.12 ms")]
    [InlineData(12.34, "12.3 ms")]
    [InlineData(1234.5, "1,234 ms")]
    [InlineData(61_000, "61.0 s")]
    public void Latencies_have_three_digits_or_so(double milliseconds, string text) =>
        Assert.Equal(text, Figures.Milliseconds(milliseconds));

    [Theory]
    [InlineData(4.9, "00:05")]
    [InlineData(125, "02:05")]
    [InlineData(3661, "1:01:01")]
    public void Times_are_those_of_a_clock(double seconds, string text) =>
        Assert.Equal(text, Figures.Time(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_sparkline_starts_at_nothing_and_ends_at_the_greatest()
    {
        Assert.Equal("▁▅█", Figures.Sparkline([0, 5, 9]));
        Assert.Equal("▁▁", Figures.Sparkline([0, 0]));
        Assert.Equal("", Figures.Sparkline([]));
    }

    [Fact]
    public void A_rate_is_that_of_the_last_seconds()
    {
        var meter = new RateMeter(TimeSpan.FromSeconds(2));
        Assert.Equal(100, meter.Add(TimeSpan.FromSeconds(1), 100));
        Assert.Equal(150, meter.Add(TimeSpan.FromSeconds(2), 300));
        Assert.Equal(100, meter.Add(TimeSpan.FromSeconds(4), 500));
        Assert.Equal(0, meter.Add(TimeSpan.FromSeconds(7), 500));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(70)]
    [InlineData(200)]
    public async Task The_live_view_fits_any_width(int width)
    {
        // The view writes while the test reads; its lock is the writer itself.
        using var text = new StringWriter();
        var writer = TextWriter.Synchronized(text);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = width;
        var snapshot = new FleetSnapshot
        {
            State = FleetState.Running,
            Devices = 1_000_000,
            Connected = 999_999,
            Errors = 3,
            Faults = new Dictionary<string, long> { ["[half] open"] = 12, ["flap"] = 3 },
            Troubles = [new Trouble("a [strange] sentence", 3)],
        };
        using var ended = new CancellationTokenSource();
        var showing = new LiveView(console, TimeProvider.System).ShowAsync(
            new FleetSource("a [strange] title", () => snapshot)
            {
                Replay = () => new ReplaySummary("f", 10, 5), Duration = TimeSpan.FromMinutes(3), Ledger = () => (7, 6),
            },
            ended.Token);
        await Eventually.IsTrueAsync(() => Shown().Contains("strange", StringComparison.Ordinal) || width < 40);
        await ended.CancelAsync();
        await showing;

        string Shown()
        {
            lock (writer)
            {
                return text.ToString();
            }
        }
    }
}
