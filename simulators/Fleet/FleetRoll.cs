using System.Globalization;
using System.Text.RegularExpressions;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Fleet;

/// <summary>The devices of a plan, one by one.</summary>
internal static partial class FleetRoll
{
    /// <summary>All devices, kind by kind; those of one connection stand next to each other.</summary>
    public static IReadOnlyList<RollEntry> Of(FleetPlan plan)
    {
        var roll = new List<RollEntry>();
        var connection = -1;
        foreach (var kind in plan.Kinds)
        {
            for (var index = 0; index < kind.Count; index++)
            {
                connection += index % Math.Max(1, kind.DevicesPerConnection) == 0 ? 1 : 0;
                var number = index + 1;
                roll.Add(new RollEntry($"{plan.Namespace}:{Fill(kind.IdPattern, kind.Name, number)}", kind, number, connection));
            }
        }

        return roll;
    }

    /// <summary>Fills in <c>{kind}</c>, <c>{n}</c> and <c>{n:000}</c>.</summary>
    public static string Fill(string pattern, string kind, int number) => Placeholder().Replace(pattern, match => match.Groups["digits"] switch
    {
        { Success: true } digits => number.ToString("D" + digits.Length.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        _ when match.Value == "{kind}" => kind,
        _ => number.ToString(CultureInfo.InvariantCulture),
    });

    [GeneratedRegex(@"\{kind\}|\{n(:(?<digits>0+))?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
