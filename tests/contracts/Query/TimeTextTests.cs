using System.Globalization;
using CsCheck;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01t00:00:01.5z", 1500)]
    [InlineData("1970-01-01T01:00:00.0019999999999999999+01:00", 1)]
    [InlineData("1969-12-31T23:59:59.9999Z", -1)]
    [InlineData("1969-12-31T12:29:00-11:31", 0)]
    [InlineData("2024-02-29T23:59:59.678Z", 1709251199678)]
    [InlineData("1970-01-01T23:59:00+23:59", 0)]
    public void Reads(string text, long unixMilliseconds)
    {
        Assert.True(TimeText.TryParse(text, out var read));
        Assert.Equal(unixMilliseconds, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-02")]
    [InlineData("2026-01-02T03:04:05")]
    [InlineData("2026-01-02 03:04:05Z")]
    [InlineData("2026-01-02T03:04Z")]
    [InlineData("2026-01-02T03:04:05.Z")]
    [InlineData("2026-01-02T03:04:05,5Z")]
    [InlineData("2026-01-02T03:04:05+0100")]
    [InlineData("2026-01-02T03:04:05+24:00")]
    [InlineData("2026-01-02T03:04:05+01:60")]
    [InlineData("2026-01-02T03:04:05Z ")]
    [InlineData("2026-13-02T03:04:05Z")]
    [InlineData("2023-02-29T03:04:05Z")]
    [InlineData("2026-01-02T24:00:00Z")]
    [InlineData("2026-01-02T03:04:60Z")]
    [InlineData("0000-01-02T03:04:05Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("+026-01-02T03:04:05Z")]
    [InlineData("2026-+1-02T03:04:05Z")]
    [InlineData("２026-01-02T03:04:05Z")]
    public void Refuses(string text) => Assert.False(TimeText.TryParse(text, out _));

    [Fact]
    public void Reads_what_DateTimeOffset_writes() =>
        Gen.Select(Gen.Long[DateTime.MinValue.AddDays(1).Ticks, DateTime.MaxValue.AddDays(-1).Ticks], Gen.Int[-839, 839]).Sample((ticks, offset) =>
        {
            var time = new DateTimeOffset(ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.FromMinutes(offset));
            return TimeText.TryParse(time.ToString("O", CultureInfo.InvariantCulture), out var read) && read == time.ToUnixTimeMilliseconds();
        });
}
