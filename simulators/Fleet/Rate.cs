using System.Globalization;

namespace Twins.Simulators.Fleet;

/// <summary>How often something happens, written <c>1/s</c>, <c>6/min</c>, <c>0.1/s</c> or <c>4/h</c>.</summary>
public readonly record struct Rate
{
    /// <summary>The fastest rate there is: the scheduler cannot promise more.</summary>
    public const double MaximumPerSecond = 10_000;

    private Rate(double perSecond) => PerSecond = perSecond;

    /// <summary>Times per second; more than 0, at most <see cref="MaximumPerSecond"/>.</summary>
    public double PerSecond { get; }

    /// <summary>The time between two occurrences.</summary>
    public TimeSpan Interval => TimeSpan.FromSeconds(1 / PerSecond);

    /// <summary>A rate of so many times per second.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not more than 0, or more than <see cref="MaximumPerSecond"/>.</exception>
    public static Rate FromPerSecond(double perSecond) =>
        perSecond > 0 && perSecond <= MaximumPerSecond
            ? new Rate(perSecond)
            : throw new ArgumentOutOfRangeException(
                nameof(perSecond), perSecond, $"a rate is more than 0 and at most {MaximumPerSecond}/s");

    /// <summary>Reads <c>count/unit</c> where the unit is <c>s</c>, <c>min</c> or <c>h</c>.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="rate">The rate, when the answer is true.</param>
    /// <param name="error">One sentence saying what is wrong and what would be right, when the answer is false.</param>
    public static bool TryParse(string text, out Rate rate, out string error)
    {
        rate = default;
        error = $"rate \"{text}\" is not a number, a slash and s, min or h; write for example 1/s, 6/min or 0.1/s";
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0
            || !double.TryParse(text.AsSpan(0, slash), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || !double.IsFinite(count))
        {
            return false;
        }

        var seconds = text[(slash + 1)..] switch
        {
            "s" or "sec" or "second" => 1.0,
            "min" or "minute" => 60.0,
            "h" or "hour" => 3600.0,
            _ => 0.0,
        };
        if (seconds == 0)
        {
            return false;
        }

        var perSecond = count / seconds;
        if (perSecond is <= 0 or > MaximumPerSecond)
        {
            error = $"rate \"{text}\" is out of range; a rate is more than 0 and at most {MaximumPerSecond}/s";
            return false;
        }

        rate = new Rate(perSecond);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => PerSecond switch
    {
        >= 1 => Write(PerSecond, "s"),
        _ when IsWhole(PerSecond * 60) => Write(PerSecond * 60, "min"),
        _ when IsWhole(PerSecond * 3600) => Write(PerSecond * 3600, "h"),
        _ => Write(PerSecond, "s"),
    };

    private static bool IsWhole(double value) => value >= 1 && Math.Abs(value - Math.Round(value)) < 1e-9;

    private static string Write(double count, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Round(count, 6)}/{unit}");
}
