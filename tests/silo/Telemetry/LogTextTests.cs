using Twins.Silo.Telemetry;
using Xunit;

namespace Twins.Silo.Tests.Telemetry;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("pump-1", "pump-1")]
    [InlineData("", "")]
    [InlineData("Wärme/温度", "Wärme/温度")]
    [InlineData("a\nInfo: all well", "a\\u000aInfo: all well")]
    [InlineData("a\u001b[31m", "a\\u001b[31m")]
    [InlineData("a\u202eb", "a\\u202eb")]
    [InlineData("a\u2028b", "a\\u2028b")]
    public void Text_of_a_client_stays_on_its_line(string text, string logged) => Assert.Equal(logged, LogText.Of(text));

    [Fact]
    public void Long_text_is_cut() => Assert.Equal(new string('x', 100) + "…", LogText.Of(new string('x', 65_000)));
}
