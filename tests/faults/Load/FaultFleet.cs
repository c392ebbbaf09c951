using System.Globalization;
using System.Text;

namespace Twins.Faults.Tests;

/// <summary>
/// The fleet file of devices that show damage. All their numbers only grow, so that of two values the later is known.
/// <c>count</c> is in every report; each of the others changes once a minute, and is reported when it does. Nothing is
/// reported again because a connection is new: what was acknowledged and is not there stays away, for a minute.
/// </summary>
internal static class FaultFleet
{
    /// <summary>How many numbers there are beside <c>count</c>.</summary>
    public const int Numbers = 120;

    /// <summary>How often a device reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // Of a run of hours, count grows by less than this.
    private const int StepPerRun = 1_000_000;

    /// <summary>The file.</summary>
    /// <param name="space">The namespace of the devices.</param>
    /// <param name="devices">How many.</param>
    /// <param name="run">Of two runs of the same devices, the later has the higher number.</param>
    public static string Yaml(string space, int devices, int run)
    {
        var start = ((long)run * StepPerRun).ToString(CultureInfo.InvariantCulture);
        var yaml = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $$"""
            namespace: {{space}}
            seed: {{run}}
            kinds:
              device:
                count: {{devices}}
                sequence: true
                report: {every: {{Interval.TotalMilliseconds}}ms, jitter: 20%, onChange: true, wholeOnce: true}
                properties:
                  count: {counter: {rate: 36000, start: {{start}}}, decimals: 0}

            """));
        for (var number = 0; number < Numbers; number++)
        {
            yaml.AppendLine(CultureInfo.InvariantCulture, $"      {Name(number)}: {{counter: {{rate: 60, start: \"={start} + uniform(0, 1)\"}}, decimals: 0}}");
        }

        return yaml.ToString();
    }

    /// <summary>The ids of its devices.</summary>
    public static IEnumerable<string> Ids(string space, int devices) =>
        Enumerable.Range(1, devices).Select(number => $"{space}:device-{number.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>The name of a number.</summary>
    public static string Name(int number) => $"p{number.ToString("000", CultureInfo.InvariantCulture)}";
}
