using System.Globalization;
using CsCheck;
using Twins.Silo.Dialects;
using Xunit;

namespace Twins.Silo.Tests.Dialects;

public sealed class DeviceTimeTests
{
    [Theory]
    [InlineData("2026-11-29T06:08:17Z", "2026-11-29T06:08:17.0000000Z")]
    [InlineData("2026-11-29 06:08:17Z", "2026-11-29T06:08:17.0000000Z")]
    [InlineData("2026-11-29t06:08:17z", "2026-11-29T06:08:17.0000000Z")]
    [InlineData("2026-11-29T06:08:17+01:00", "2026-11-29T05:08:17.0000000Z")]
    [InlineData("2026-11-29 06:08:17.5-08:30", "2026-11-29T14:38:17.5000000Z")]
    [InlineData("2026-11-29T06:08:17-00:00", "2026-11-29T06:08:17.0000000Z")]
    [InlineData("2026-11-29T06:08:17.1Z", "2026-11-29T06:08:17.1000000Z")]
    [InlineData("2026-11-29T06:08:17.123456789Z", "2026-11-29T06:08:17.1234567Z")]
    [InlineData("2026-11-29T06:08:17.1234567890123Z", "2026-11-29T06:08:17.1234567Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.0000000Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("1795932497060", "2026-11-29T06:08:17.0600000Z")]
    [InlineData("100000000000", "1973-03-03T09:46:40.0000000Z")]
    [InlineData("253402300799999", "9999-12-31T23:59:59.9990000Z")]
    public void Time_is_read_to_100_ns(string text, string expected)
    {
        Assert.True(DeviceTime.TryParse(text, out var at, out var hint), hint);
        Assert.Equal(expected, at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("2026-11-29T06:08:17", "time zone is missing")]
    [InlineData("2026-11-29 06:08:17.5", "time zone is missing")]
    [InlineData("2026-11-29T06:08:17 Z", "remove the space")]
    [InlineData("2026-11-29T06:08:17+0000", "+hh:mm")]
    [InlineData("2026-11-29T06:08:17+01", "+hh:mm")]
    [InlineData("2026-11-29T06:08:17+24:00", "+hh:mm")]
    [InlineData("2026-11-29T06:08:17UTC", "RFC 3339")]
    [InlineData("2026-11-29T06:08:17.Z", "RFC 3339")]
    [InlineData("2026-11-29T06:08:17,5Z", "RFC 3339")]
    [InlineData("2026-11-29T06:08Z", "RFC 3339")]
    [InlineData("20261129T060817Z", "RFC 3339")]
    [InlineData("2026-02-30T06:08:17Z", "RFC 3339")]
    [InlineData("2026-11-29T24:00:00Z", "RFC 3339")]
    [InlineData("0001-01-01T00:00:00+01:00", "RFC 3339")]
    [InlineData("Sun, 29 Nov 2026 06:08:17 GMT", "RFC 3339")]
    [InlineData("2026-11-29", "RFC 3339")]
    [InlineData("now", "RFC 3339")]
    [InlineData("", "RFC 3339")]
    [InlineData("null", "RFC 3339")]
    [InlineData("1795932497", "multiply by 1000")]
    [InlineData("99999999999", "multiply by 1000")]
    [InlineData("0", "multiply by 1000")]
    [InlineData("-1", "multiply by 1000")]
    [InlineData("1795932497.06", "multiply by 1000")]
    [InlineData("1.795932497E9", "multiply by 1000")]
    [InlineData("1795932497060.5", "whole number")]
    [InlineData("1.79593249706E12", "whole number")]
    [InlineData("1795932497060000", "microseconds")]
    [InlineData("99999999999999999999", "microseconds")]
    public void Anything_else_is_refused_with_a_hint(string text, string expected)
    {
        Assert.False(DeviceTime.TryParse(text, out _, out var hint));
        Assert.Contains(expected, hint, StringComparison.Ordinal);
    }

    [Fact]
    public void What_dotnet_writes_is_read_again() => Gen.Select(Gen.DateTimeOffset, Gen.Int[0, 7], Gen.Bool).Sample(
        (time, digits, withSpace) =>
        {
            var fraction = digits == 0 ? "" : "." + new string('f', digits);
            var text = time.ToString($"yyyy-MM-dd'{(withSpace ? ' ' : 'T')}'HH:mm:ss{fraction}zzz", CultureInfo.InvariantCulture);
            var unit = (long)Math.Pow(10, 7 - digits);

            return DeviceTime.TryParse(text, out var at, out _) && at.UtcTicks == time.UtcTicks - (time.Ticks % unit);
        });

    [Fact]
    public void Milliseconds_are_read_again() => Gen.Long[100_000_000_000, 253_402_300_799_999].Sample(milliseconds =>
        DeviceTime.TryParse(milliseconds.ToString(CultureInfo.InvariantCulture), out var at, out _) && at.ToUnixTimeMilliseconds() == milliseconds);

    [Fact]
    public void No_text_makes_it_throw() => Gen.String[Gen.Char["0123456789-:.TtZz +e "], 0, 40].Sample(text =>
        DeviceTime.TryParse(text, out _, out var hint) == hint is null);
}
