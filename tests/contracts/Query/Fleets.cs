using System.Text;
using System.Text.Json;
using CsCheck;
using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Query;

/// <summary>Twins to ask for (<see cref="Questions"/>): few names, values and times, so that random questions meet random documents.</summary>
internal static class Fleets
{
    /// <summary>When it is asked.</summary>
    internal static readonly DateTimeOffset Now = new(2026, 1, 2, 4, 0, 0, 500, TimeSpan.Zero);

    internal static readonly string[] PropertyNames = ["a", "b", "list", "at", "motor temp", "ü/~\"", "😀"];

    internal static readonly string[] Texts =
    [
        "", "a", "b", "ab", "A", "rotterdam", "Rotterdam", "ROTTERDAM", "rotter*", "é", "É", "ß", "😀", "😀x", "\uFFFD", "\uE000", "quote\"\\", "line\n",
        "2026-01-02T03:50:00.500Z", "2026-01-02T04:50:00.5+01:00", "2026-01-02t04:00:00z", "2026-01-02T04:00:00", "2026-01-02", "online",
    ];

    /// <summary>Texts that differ in the last character that counts in a sort, or behind it.</summary>
    internal static readonly string[] LongTexts =
        [.. new[] { "", "a", "ab", "a😀", "b", "é", "\uE000", "😀", "😀a", "😀b" }.Select(static end => "rotter" + new string('é', 248) + "😀" + end)];

    internal static readonly string[] Numbers = ["0", "-0.0", "1", "-1", "40", "40.0", "4e1", "0.5", "5E-1", "12345678901234567890", "12345678901234567891", "12345678901234567168", "9007199254740993", "9007199254740992.5", "-18446744073709551615", "18446744073709551616", "18446744073709551617", "1e-400"];

    /// <summary>Numbers that a document can have and a filter cannot name.</summary>
    private static readonly string[] Beyond = ["1e400", "-1e400"];

    private static readonly TimeSpan[] Ages =
    [
        TimeSpan.FromMilliseconds(-1), TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(10) + TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(400),
    ];

    private static readonly Gen<DateTimeOffset> Times = Gen.OneOf(Ages).Select(age => Now - age);

    private static readonly Gen<DateTimeOffset?> OptionalTimes = Gen.Frequency((3, Times.Select(time => (DateTimeOffset?)time)), (1, Gen.Const((DateTimeOffset?)null)));

    private static readonly Gen<string> Scalars = Gen.Frequency(
        (4, Gen.OneOf(Texts).Select(Json)),
        (1, Gen.OneOf(LongTexts).Select(Json)),
        (3, Gen.OneOf([.. Numbers, .. Beyond])),
        (1, Gen.OneOf("true", "false")));

    private static readonly Gen<string> Values = Value(3);

    private static readonly Gen<string> Patches = Object(Values);

    private static readonly Gen<string> Ids = Gen.OneOf("a", "b", "acme:pump-1", "acme:pump-2", "z");

    private static readonly Gen<string?> Models = Gen.OneOf(null, "pump/2", "Pump/2", "é");

    private static readonly Gen<(byte[] Section, byte[] Stamps)> Sections = Gen.Select(Patches, Times, Gen.Bool).Array[0, 3].Select(Written);

    private static readonly Gen<FleetTwin> Headers = Gen.Select(Ids, Gen.OneOf(1L, 2L, 40L, 41L), Models).Select((id, revision, model) => new FleetTwin(id, revision, model));

    private static readonly Gen<(bool Online, string? Link, string? Dialect)> Connections =
        Gen.Select(Gen.Bool, Gen.OneOf(null, "gateway", "mosquitto"), Gen.OneOf(null, "native"));

    /// <summary>Twins with sections that were written once or more, now and then, by arrival and by the device's time.</summary>
    internal static readonly Gen<FleetTwin> Twins =
        Gen.Select(Headers, Sections, Sections, Sections, Connections, Gen.Select(OptionalTimes, OptionalTimes, Times, Times)).Select((twin, tags, desired, reported, connection, times) => twin with
        {
            Tags = tags.Section,
            Desired = desired.Section,
            DesiredStamps = desired.Stamps,
            Reported = reported.Section,
            ReportedStamps = reported.Stamps,
            Online = connection.Online,
            Link = connection.Link,
            Dialect = connection.Dialect,
            Since = times.Item1,
            LastSeen = times.Item2,
            CreatedAt = times.Item3,
            ModifiedAt = times.Item4,
        });

    private static (byte[] Section, byte[] Stamps) Written((string Patch, DateTimeOffset At, bool IsTimed)[] patches)
    {
        var (section, stamps) = (JsonText.EmptyObject.ToArray(), JsonText.EmptyObject.ToArray());
        foreach (var (text, at, isTimed) in patches)
        {
            Xunit.Assert.True(JsonText.TryNormalize(Encoding.UTF8.GetBytes(text), JsonLimits.Default, out var patch, out var problem), problem?.Detail);
            var accepted = Stamps.Accept(stamps, patch, isTimed ? Stamp.Timed(Now, at) : Stamp.Arrival(at));
            section = MergePatch.Apply(section, accepted.Patch);
            stamps = accepted.Stamps;
        }

        return (section, stamps);
    }

    private static Gen<string> Value(int depth) => depth == 0 ? Scalars : Gen.Frequency(
        (4, Scalars),
        (1, Gen.OneOf("null", "{}", "[]", "[null]", "[[]]", "[{}]")),
        (1, Value(depth - 1).Array[0, 3].Select(elements => $"[{string.Join(',', elements)}]")),
        (3, Object(Value(depth - 1)).Array[1, 3].Select(elements => $"[{string.Join(',', elements)}]")),
        (2, Object(Value(depth - 1))));

    private static Gen<string> Object(Gen<string> values) =>
        Gen.Select(Gen.OneOf(PropertyNames), values).Array[0, 4].Select(members =>
            $"{{{string.Join(',', members.DistinctBy(member => member.Item1).Select(member => $"{Json(member.Item1)}:{member.Item2}"))}}}");

    internal static string Json(string text) => JsonSerializer.Serialize(text);
}
