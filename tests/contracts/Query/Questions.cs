using CsCheck;

namespace Twins.Contracts.Tests.Query;

/// <summary>What is asked of a fleet, as random texts that are right, about what is in <see cref="Fleets"/>.</summary>
internal static class Questions
{
    private static readonly Gen<string> Names = Gen.Frequency((5, Gen.OneOf("a", "b")), (2, Gen.OneOf("list", "at")), (2, Gen.OneOf(Fleets.PropertyNames).Select(Fleets.Json)));

    private static readonly Gen<string> Below = Names.Array[1, 3].Select(names => string.Join('/', names));

    private static readonly Gen<string> PropertyPaths =
        Gen.Select(Gen.OneOf("tags", "desired", "reported", "delta"), Below).Select((section, names) => $"{section}/{names}");

    private static readonly Gen<string> StampedPaths =
        Gen.Select(Gen.OneOf("desired", "reported"), Below).Select((section, names) => $"{section}/{names}");

    private static readonly Gen<string> TextPaths = Gen.OneOf("id", "model", "connection/status", "connection/link", "connection/dialect");

    private static readonly Gen<string> TimePaths = Gen.OneOf(
        Gen.OneOf("createdAt", "modifiedAt", "connection/since", "connection/lastSeen"), StampedPaths.Select(path => $"metadata/{path}/at"));

    /// <summary>Paths at which single values can be: what is sorted and grouped by.</summary>
    internal static readonly Gen<string> ValuePaths = Gen.Frequency((5, PropertyPaths), (1, TextPaths), (1, Gen.OneOf("revision", "connection/stale")), (2, TimePaths));

    private static readonly Gen<string> AllPaths =
        Gen.Frequency((5, ValuePaths), (1, Gen.OneOf("tags", "desired", "reported", "delta", "connection")));

    private static readonly Gen<string> TextLiterals = Gen.OneOf([.. Fleets.Texts, "online", "offline", "gateway", "native", "acme:pump-1", "pump/2"]).Select(Fleets.Json);

    private static readonly Gen<string> Durations = Gen.OneOf("1ms", "30s", "10m", "0.5h", "1h", "1d", "399.5d");

    private static readonly Gen<string> TimeLiterals = Gen.OneOf(
        Gen.OneOf("time:now", "time:2026-01-02T03:50:00.500Z", "time:2026-01-02T04:50:00.5+01:00", "time:2026-01-02T04:00:00.499Z"),
        Gen.Select(Gen.OneOf("+", "-"), Durations).Select((sign, duration) => $"time:now{sign}{duration}"));

    private static readonly Gen<string> TimesInText = Gen.OneOf(TimeLiterals, Gen.OneOf("\"2026-01-02T03:50:00.500Z\"", "\"2026-01-02T04:50:00.5+01:00\""));

    private static readonly Gen<string> Literals =
        Gen.Frequency((4, TextLiterals), (3, Gen.OneOf(Fleets.Numbers)), (1, Gen.OneOf("true", "false")), (2, TimeLiterals));

    private static readonly Gen<string> Ordered = Gen.Frequency((4, TextLiterals), (3, Gen.OneOf(Fleets.Numbers)), (2, TimeLiterals));

    private static readonly Gen<string> Orders = Gen.OneOf("gt", "ge", "lt", "le");

    private static readonly Gen<string> Equalities = Gen.OneOf("eq", "ne");

    private static readonly Gen<string> Patterns = Gen.OneOf("*", "?", "a*", "*b", "?*?", "rot*dam", "ROT*", "*É", "😀*", "?x", "rotter\\*", "*\\\\", "", "é", "pump/?", "*ne").Select(Fleets.Json);

    private static readonly Gen<string> Conditions = Gen.OneOf(
        Gen.Select(Equalities, PropertyPaths, Literals, Compared),
        Gen.Select(Orders, PropertyPaths, Ordered, Compared),
        Gen.Select(Gen.OneOf(Equalities, Orders), TextPaths, TextLiterals, Compared),
        Gen.Select(Gen.OneOf(Equalities, Orders), Gen.Const("revision"), Gen.OneOf(Fleets.Numbers), Compared),
        Gen.Select(Gen.OneOf(Equalities, Orders), TimePaths, TimesInText, Compared),
        Gen.Select(Equalities, AllPaths, Gen.Const("null"), Compared),
        Gen.Select(PropertyPaths, Literals.Array[1, 5]).Select((path, values) => $"in({path},{string.Join(',', values)})"),
        Gen.Select(TimePaths, TimesInText.Array[1, 3]).Select((path, values) => $"in({path},{string.Join(',', values)})"),
        Gen.Select(Gen.OneOf("like", "ilike"), Gen.Frequency((4, PropertyPaths), (1, TextPaths)), Patterns, Compared),
        Gen.Select(Gen.OneOf("exists", "empty"), AllPaths).Select((name, path) => $"{name}({path})"),
        Gen.Select(Gen.Frequency((4, StampedPaths), (1, Gen.OneOf("reported", "desired"))), Durations).Select((path, age) => $"stale({path},\"{age}\")"));

    /// <summary>Filters that are right, as texts.</summary>
    internal static readonly Gen<string> Filters = Nested(2);

    /// <summary>Sorts that are right, as texts.</summary>
    internal static readonly Gen<string> Sorts = Gen.Select(Gen.OneOf("", "+", "-"), ValuePaths).Array[0, 4].Select(keys =>
        string.Join(',', keys.DistinctBy(key => Spelled(key.Item2)).Select(key => key.Item1 + key.Item2)));

    /// <summary>Groups that are right, as texts.</summary>
    internal static readonly Gen<string> Groups = ValuePaths.Array[0, 4].Select(paths => string.Join(',', paths.DistinctBy(Spelled)));

    // Names in quotes and without are the same names.
    private static string Spelled(string path) => path.Replace("\"", "", StringComparison.Ordinal);

    private static string Compared(string name, string path, string value) => $"{name}({path},{value})";

    private static Gen<string> Nested(int depth) => depth == 0 ? Conditions : Gen.Frequency(
        (4, Conditions),
        (3, Gen.Select(Gen.OneOf("and", "or"), Nested(depth - 1).Array[1, 3]).Select((name, operands) => $"{name}({string.Join(',', operands)})")),
        (2, Nested(depth - 1).Select(operand => $"not({operand})")));
}
