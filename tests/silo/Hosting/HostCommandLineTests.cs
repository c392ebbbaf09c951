using Twins.Silo.Hosting;
using Xunit;

namespace Twins.Silo.Tests.Hosting;

public sealed class HostCommandLineTests
{
    private readonly HostCommandLine _line = new("Twins.Test", "A test.", "where it listens", ("--demo", "a demo"));

    [Theory]
    [InlineData("demo", "argument \"demo\" is unknown; did you mean --demo?")]
    [InlineData("--demoo", "argument \"--demoo\" is unknown; did you mean --demo?")]
    [InlineData("--Demo=true", "argument \"--Demo=true\" is unknown; did you mean --demo?")]
    [InlineData("-demo", "argument \"-demo\" is unknown; did you mean --demo?")]
    [InlineData("--recovr", "argument \"--recovr\" is unknown; did you mean --recover?")]
    [InlineData("--url http://127.0.0.1:9000", "argument \"--url\" is unknown; did you mean --urls?")]
    [InlineData("--port 9000", "argument \"--port\" is unknown; write --urls http://127.0.0.1:9000 for REST, or --Twins:Mqtt:Gateway:Port 1884 for MQTT.")]
    [InlineData("--http_ports=9000", "argument \"--http_ports=9000\" is unknown; write --urls http://127.0.0.1:9000.")]
    [InlineData("-p 9000", "argument \"-p\" is unknown; --help lists what there is.")]
    [InlineData("--Twin:Mqtt:Gateway:Port=1", "argument \"--Twin:Mqtt:Gateway:Port=1\" is unknown; did you mean --Twins:Mqtt:Gateway:Port?")]
    [InlineData("--Mqtt:Gateway:Port 1", "argument \"--Mqtt:Gateway:Port\" is unknown; did you mean --Twins:Mqtt:Gateway:Port?")]
    [InlineData("--Loging:LogLevel:Default=Debug", "argument \"--Loging:LogLevel:Default=Debug\" is unknown; did you mean --Logging:LogLevel:Default?")]
    [InlineData("backp x", "argument \"backp\" is unknown; did you mean backup FILE?")]
    [InlineData("--urls", "argument --urls has no value; write --urls VALUE, or see --help.")]
    [InlineData("--urls --Twins:Fleet:Index=false", "argument --urls has no value; write --urls VALUE, or see --help.")]
    public void Argument_without_meaning_is_refused(string line, string says) =>
        Assert.Equal(says, Assert.Throws<StartupRefusedException>(() => _line.Check(line.Split(' '))).Message);

    [Theory]
    [InlineData("")]
    [InlineData("--urls http://127.0.0.1:9000 --Twins:Mqtt:Gateway:Port=1884")]
    [InlineData("--URLS=http://127.0.0.1:9000 --twins:store:freemib -1")]
    [InlineData("/urls http://127.0.0.1:9000 Twins:Fleet:Index=false")]
    [InlineData("--environment=Development --contentRoot=/ --applicationName=Twins.Api --OTEL_SERVICE_NAME=x --Logging:LogLevel:Default=Debug")]
    public void Setting_is_accepted(string line) => _line.Check(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Usage_names_every_switch_and_command()
    {
        foreach (var name in new[] { "--demo", "--recover", "--help", "--urls", "--Twins:", "backup FILE", "restore FILE", "docs/settings.md" })
        {
            Assert.Contains(name, _line.Usage, StringComparison.Ordinal);
        }

        Assert.True(HostCommandLine.AsksForUsage(["--demo", "-h"]));
        Assert.False(HostCommandLine.AsksForUsage(["--demo"]));
    }
}
