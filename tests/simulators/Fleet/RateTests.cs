using CsCheck;
using Twins.Simulators.Fleet;
using Xunit;

namespace Twins.Simulators.Tests;

public sealed class RateTests
{
    [Theory]
    [InlineData("1/s", 1, "1/s")]
    [InlineData("0.1/s", 0.1, "6/min")]
    [InlineData("6/min", 0.1, "6/min")]
    [InlineData("90/min", 1.5, "1.5/s")]
    [InlineData("4/h", 4 / 3600.0, "4/h")]
    [InlineData("10000/s", 10_000, "10000/s")]
    public void Reads_and_writes(string text, double perSecond, string written)
    {
        Assert.True(Rate.TryParse(text, out var rate, out _));
        Assert.Equal(perSecond, rate.PerSecond, 1e-12);
        Assert.Equal(1 / perSecond, rate.Interval.TotalSeconds, 1e-6);
        Assert.Equal(written, rate.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("/s")]
    [InlineData("1/")]
    [InlineData("1/fortnight")]
    [InlineData("one/s")]
    [InlineData("1e3/s")]
    [InlineData("-1/s")]
    [InlineData("1,5/s")]
    [InlineData("NaN/s")]
    public void Says_what_a_rate_looks_like(string text)
    {
        Assert.False(Rate.TryParse(text, out _, out var error));
        Assert.Equal($"rate \"{text}\" is not a number, a slash and s, min or h; write for example 1/s, 6/min or 0.1/s", error);
    }

    [Theory]
    [InlineData("0/s")]
    [InlineData("10001/s")]
    public void Says_what_is_in_range(string text)
    {
        Assert.False(Rate.TryParse(text, out _, out var error));
        Assert.Equal($"rate \"{text}\" is out of range; a rate is more than 0 and at most 10000/s", error);
    }

    [Fact]
    public void What_is_written_reads_as_the_same_rate() =>
        Gen.Double[0.001, 10_000].Sample(perSecond =>
        {
            var rate = Rate.FromPerSecond(perSecond);
            Assert.True(Rate.TryParse(rate.ToString(), out var again, out var error), error);
            Assert.Equal(rate.PerSecond, again.PerSecond, perSecond * 0.001);
        });
}
