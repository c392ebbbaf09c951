using System.Globalization;
using Twins.Simulators.Views;

namespace Twins.Simulators.Reporting;

/// <summary>An axis: where values lie on it, from 0 to 1, and which of them are named.</summary>
internal sealed class Scale
{
    private readonly double _from;
    private readonly double _to;
    private readonly bool _isLogarithmic;

    private Scale(double from, double to, bool isLogarithmic, IReadOnlyList<(double Value, string Label)> ticks)
    {
        (_from, _to, _isLogarithmic) = (from, to, isLogarithmic);
        Ticks = ticks;
    }

    /// <summary>The values that are named.</summary>
    public IReadOnlyList<(double Value, string Label)> Ticks { get; }

    /// <summary>From 0 to a round number that is not less than the greatest value.</summary>
    public static Scale FromZero(double greatest, Func<double, string> label, int wanted = 5)
    {
        var step = RoundStep(Math.Max(greatest, 1e-9) / wanted);
        var top = Math.Ceiling(Math.Max(greatest, step) / step - 1e-9) * step;
        return new Scale(0, top, false, [.. Enumerable.Range(0, (int)Math.Round(top / step) + 1).Select(tick => (tick * step, label(tick * step)))]);
    }

    /// <summary>From 0 to a count of things, of which there are no halves.</summary>
    public static Scale OfCount(long greatest)
    {
        var scale = FromZero(Math.Max(1, greatest), static value => Figures.Count((long)Math.Round(value)));
        return new Scale(0, scale._to, false, [.. scale.Ticks.Where(static tick => Math.Abs(tick.Value - Math.Round(tick.Value)) < 1e-6)]);
    }

    /// <summary>Milliseconds by powers of ten, from the power below the least to the power above the greatest.</summary>
    public static Scale OfLatency(double least, double greatest)
    {
        var from = (int)Math.Floor(Math.Log10(Math.Max(least, 0.001)) + 1e-9);
        var to = Math.Max(from + 1, (int)Math.Ceiling(Math.Log10(Math.Max(greatest, 0.001)) - 1e-9));
        return new Scale(Math.Pow(10, from), Math.Pow(10, to), true, [.. Enumerable.Range(from, to - from + 1).Select(power => (Math.Pow(10, power), Latency(Math.Pow(10, power))))]);
    }

    /// <summary>The seconds of a run, named at round times.</summary>
    public static Scale OfTime(TimeSpan end)
    {
        const int Most = 8;
        double[] steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
        var seconds = Math.Max(1, end.TotalSeconds);
        var step = Array.Find(steps, candidate => seconds / candidate <= Most);
        step = step > 0 ? step : Math.Ceiling(seconds / Most / 86_400) * 86_400;
        return new Scale(0, seconds, false, [.. Enumerable.Range(0, (int)(seconds / step) + 1).Select(tick => (tick * step, Figures.Time(TimeSpan.FromSeconds(tick * step))))]);
    }

    /// <summary>Where the value lies, 0 to 1.</summary>
    public double At(double value) => Math.Clamp(
        _isLogarithmic
            ? (Math.Log10(Math.Max(value, _from)) - Math.Log10(_from)) / (Math.Log10(_to) - Math.Log10(_from))
            : (value - _from) / (_to - _from),
        0,
        1);

    /// <summary>A latency on an axis: <c>0.1 ms</c>, <c>10 ms</c>, <c>1 s</c>.</summary>
    public static string Latency(double milliseconds) => milliseconds < 1000
        ? Math.Round(milliseconds, 6).ToString("0.######", CultureInfo.InvariantCulture) + " ms"
        : Math.Round(milliseconds / 1000, 6).ToString("#,0.###", CultureInfo.InvariantCulture) + " s";

    // 1, 2 or 5 times a power of ten.
    private static double RoundStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch { <= 1 + 1e-9 => 1, <= 2 + 1e-9 => 2, <= 5 + 1e-9 => 5, _ => 10 } * power;
    }
}
