namespace Twins.Simulators.Behaviours;

/// <summary>What formulas can call, and the variables they can name beside properties.</summary>
internal static class FormulaFunctions
{
    private static readonly Dictionary<string, FormulaFunction> All = new(StringComparer.Ordinal)
    {
        ["abs"] = One("abs(x)", Math.Abs),
        ["sign"] = One("sign(x)", static x => double.IsNaN(x) ? x : Math.Sign(x)),
        ["floor"] = One("floor(x)", Math.Floor),
        ["ceil"] = One("ceil(x)", Math.Ceiling),
        ["sqrt"] = One("sqrt(x)", Math.Sqrt),
        ["exp"] = One("exp(x)", Math.Exp),
        ["log"] = One("log(x)", Math.Log),
        ["log10"] = One("log10(x)", Math.Log10),
        ["sin"] = One("sin(radians)", Math.Sin),
        ["cos"] = One("cos(radians)", Math.Cos),
        ["tan"] = One("tan(radians)", Math.Tan),
        ["atan"] = One("atan(x)", Math.Atan),
        ["atan2"] = Two("atan2(y, x)", Math.Atan2),
        ["pow"] = Two("pow(x, power)", Math.Pow),
        ["min"] = Fold("min(x, y, …)", Math.Min),
        ["max"] = Fold("max(x, y, …)", Math.Max),
        ["clamp"] = new("clamp(x, least, greatest)", 3, 3, static of => (in moment) => Math.Max(of[1](moment), Math.Min(of[2](moment), of[0](moment)))),
        ["round"] = new("round(x) or round(x, digits)", 1, 2, static of => of.Length == 1
            ? (in moment) => Math.Round(of[0](moment))
            : (in moment) => Math.Round(of[0](moment), (int)Math.Clamp(of[1](moment), 0, 15))),
        ["noise"] = new("noise(deviation)", 1, 1, static of => (in moment) => of[0](moment) * moment.Gaussian()),
        ["normal"] = new("normal(mean, deviation)", 2, 2, static of => (in moment) => of[0](moment) + of[1](moment) * moment.Gaussian()),
        ["uniform"] = new("uniform(least, greatest)", 2, 2, static of => (in moment) =>
        {
            var least = of[0](moment);
            return least + (of[1](moment) - least) * moment.Random.NextDouble();
        }),
        ["chance"] = new("chance(probability)", 1, 1, static of => (in moment) => moment.Random.NextDouble() < of[0](moment) ? 1 : 0)
        {
            Gives = ValueKind.Boolean,
        },
    };

    private static readonly Dictionary<string, Term> Values = new(StringComparer.Ordinal)
    {
        // 0 to 24, with its fraction; UTC.
        ["hour"] = static (in moment) => moment.Now.UtcDateTime.TimeOfDay.TotalHours,

        // 1: Monday, 7: Sunday.
        ["weekday"] = static (in moment) => ((int)moment.Now.UtcDateTime.DayOfWeek + 6) % 7 + 1,

        // 1 to 366.
        ["day"] = static (in moment) => moment.Now.UtcDateTime.DayOfYear,
        ["elapsed"] = static (in moment) => moment.Elapsed,
        ["serial"] = static (in moment) => moment.Serial,
        ["pi"] = static (in _) => Math.PI,
    };

    /// <summary>The names of all functions.</summary>
    public static IEnumerable<string> Names => [.. All.Keys, "if", "pick", "last", "lat", "lon", "heading", "speed", "distance"];

    /// <summary>The names of all variables.</summary>
    public static IEnumerable<string> Variables => Values.Keys;

    public static FormulaFunction? Find(string name) => All.GetValueOrDefault(name);

    public static Term? Variable(string name) => Values.GetValueOrDefault(name);

    private static FormulaFunction One(string usage, Func<double, double> compute) => new(usage, 1, 1, of =>
    {
        var x = of[0];
        return (in moment) => compute(x(moment));
    });

    private static FormulaFunction Two(string usage, Func<double, double, double> compute) => new(usage, 2, 2, of =>
    {
        var (x, y) = (of[0], of[1]);
        return (in moment) => compute(x(moment), y(moment));
    });

    private static FormulaFunction Fold(string usage, Func<double, double, double> compute) => new(usage, 2, 50, of => (in moment) =>
    {
        var value = of[0](moment);
        for (var index = 1; index < of.Length; index++)
        {
            value = compute(value, of[index](moment));
        }

        return value;
    });
}
