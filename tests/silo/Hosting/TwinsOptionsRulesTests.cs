using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Twins.Silo.Hosting;
using Xunit;

namespace Twins.Silo.Tests.Hosting;

public sealed class TwinsOptionsRulesTests
{
    [Theory]
    [InlineData("Twins:Mqtt:Gateway:Port", "70000", "0 to 65535")]
    [InlineData("Twins:Mqtt:Gateway:Port", "abc", "not a whole number")]
    [InlineData("Twins:Security:Anonymous", "Nowhere", "not Loopback or Everywhere")]
    [InlineData("Twins:Mqtt:Gateway:Enabled", "yes", "not true or false")]
    [InlineData("Twins:Mqtt:Gatway:Port", "1", "no setting Twins:Mqtt:Gatway")]
    [InlineData("Twins:Mqtt:Gateway:Address", "example.org", "no IP address")]
    [InlineData("Twins:Mqtt:Gateway:Address", "0.0.0.0", "Twins:Security:Anonymous")]
    [InlineData("Twins:Mqtt:Gateway:TlsPort", "8883", "Certificate")]
    [InlineData("Twins:Mqtt:Brokers:0:Name", "gateway", "choose another name")]
    [InlineData("Twins:Mqtt:Gateway:Nulls", "Keep", "not Remove or Ignore")]
    [InlineData("Twins:Api:Silo", "Remote", "Twins:Store:Redis")]
    [InlineData("Twins:Devices:IdleSeconds", "9", "10 to 604800")]
    [InlineData("Twins:Devices:ClockLead", "00:00:00", "00:00:01 to 1.00:00:00")]
    [InlineData("Twins:Devices:ClockLead", "5", "00:00:01 to 1.00:00:00")]
    [InlineData("Twins:Devices:ClockLead", "5m", "not a time span such as 00:05:00")]
    [InlineData("Twins:Devices:SequenceModulus", "15", "16 to 4294967296")]
    [InlineData("Twins:Devices:SequenceModulus", "4294967297", "16 to 4294967296")]
    [InlineData("Twins:Devices:SequenceModulus", "-1", "16 to 4294967296")]
    [InlineData("Twins:Devices:InactivityTimeout", "00:00:09", "00:00:10 to 365.00:00:00 or 0")]
    [InlineData("Twins:Devices:InactivityTimeout", "-00:01:00", "00:00:10 to 365.00:00:00 or 0")]
    [InlineData("Twins:Api:EventBuffer", "1", "100 to 1000000")]
    [InlineData("Twins:Api:QueriesPerCaller", "0", "1 to 1000")]
    [InlineData("Twins:Api:Queries", "10001", "1 to 10000")]
    [InlineData("Twins:Api:WatchMembers", "0", "1 to 100000")]
    [InlineData("Twins:Api:CorsOrigins:0", "*", "would let every page")]
    [InlineData("Twins:Api:CorsOrigins:0", "https://ops.example/", "like https://ops.example")]
    [InlineData("Twins:Api:CorsOrigins:0", "ops.example", "like https://ops.example")]
    [InlineData("Twins:Mqtt:Gateway:EventFilter", "eq(tags/site", "Twins:Mqtt:Gateway:EventFilter is no filter: ")]
    [InlineData("Twins:Cluster:ServiceId", "a b", "letters")]
    [InlineData("Twins:Cluster:Address", "no such name", "neither an IP address nor a name")]
    [InlineData("Twins:Cluster:Kubernetes", "true", "Twins:Store:Redis")]
    [InlineData("Twins:Dashboard:Username", "op", "Twins:Dashboard:Password is not")]
    [InlineData("Twins:Dashboard:Password", "secret", "Twins:Dashboard:Username is not")]
    [InlineData("Twins:Dashboard:Enabled", "true", "no setting Twins:Dashboard:Enabled")]
    [InlineData("Twins:Cluster:DrainSeconds", "301", "0 to 300")]
    [InlineData("Twins:Cluster:DrainSeconds", "-1", "0 to 300")]
    [InlineData("Twins:Cluster:ProbeMilliseconds", "199", "200 to 30000")]
    public void A_wrong_setting_is_one_sentence_that_names_it(string key, string value, string says)
    {
        var refused = Assert.Throws<StartupRefusedException>(() => Read((key, value)));
        Assert.Contains(says, refused.Message.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Twins:Mqtt:Gateway:Prot", "there is no setting Twins:Mqtt:Gateway:Prot; did you mean Twins:Mqtt:Gateway:Port?")]
    [InlineData("Twins:Mqtt:Gatway:Port", "there is no setting Twins:Mqtt:Gatway; did you mean Twins:Mqtt:Gateway?")]
    [InlineData("Twins:Mqtt:Brokers:0:Url", "there is no setting Twins:Mqtt:Brokers:0:Url; did you mean Twins:Mqtt:Brokers:0:Uri?")]
    [InlineData("Twins:Gateway:Port", "there is no setting Twins:Gateway; did you mean Twins:Mqtt:Gateway?")]
    [InlineData("Twins:DataDirectory", "there is no setting Twins:DataDirectory; did you mean Twins:Store:DataDirectory?")]
    [InlineData("Twins:Nonsense", "there is no setting Twins:Nonsense; correct the name, see docs/settings.md")]
    public void Misspelt_setting_is_refused_with_a_suggestion(string key, string says) => Assert.Equal(says, Refused((key, "1")));

    [Fact]
    public void Every_misspelt_setting_is_named() => Assert.Equal(
        "there is no setting Twins:Fleet:Indx; did you mean Twins:Fleet:Index? there is no setting Twins:Sotre; did you mean Twins:Store?",
        Refused(("Twins:Fleet:Indx", "1"), ("Twins:Mqtt:Gateway:Port", "1884"), ("Twins:Sotre:Redis", "x")));

    [Fact]
    public void Device_settings_are_read()
    {
        var devices = Read(("Twins:Devices:ClockLead", "00:01:30"), ("Twins:Devices:SequenceModulus", "4294967296"), ("Twins:Devices:InactivityTimeout", "1.00:00:00")).Devices;

        Assert.Equal((TimeSpan.FromSeconds(90), 1L << 32, TimeSpan.FromDays(1)), (devices.ClockLead, devices.SequenceModulus, devices.InactivityTimeout));
        Assert.Equal(TimeSpan.Zero, Read(("Twins:Devices:InactivityTimeout", "0"), ("Twins:Fleet:Index", "false")).Devices.InactivityTimeout);
        Assert.Equal(TimeSpan.FromMinutes(5), Read().Devices.ClockLead);
    }

    [Fact]
    public void Inactivity_timeout_needs_the_index() =>
        Assert.Contains("Twins:Fleet:Index is false", Refused(("Twins:Devices:InactivityTimeout", "00:10:00"), ("Twins:Fleet:Index", "false")), StringComparison.Ordinal);

    [Fact]
    public void Beyond_loopback_is_open_with_credentials_or_by_a_persons_word()
    {
        Read(("Twins:Mqtt:Gateway:Address", "0.0.0.0"), ("Twins:Mqtt:Gateway:Users:0:Username", "u"), ("Twins:Mqtt:Gateway:Users:0:Password", "p"));
        Read(("Twins:Mqtt:Gateway:Address", "0.0.0.0"), ("Twins:Security:Anonymous", "Everywhere"));
    }

    [Fact]
    public void Where_there_is_nobody_else_a_process_does_not_wait_for_others_to_notice_that_it_ends()
    {
        Assert.Equal(TimeSpan.Zero, Shutdown.Drain(Read()));
        Assert.Equal(TimeSpan.FromSeconds(2), Shutdown.Drain(Read(("Twins:Store:Redis", "127.0.0.1"))));
        Assert.Equal(TimeSpan.Zero, Shutdown.Drain(Read(("Twins:Store:Redis", "127.0.0.1"), ("Twins:Cluster:DrainSeconds", "0"))));
    }

    [Fact]
    public void Broker_protocol_is_auto_or_a_version()
    {
        Assert.Contains("Twins:Mqtt:Brokers:0:Protocol is \"4\"; it may be Auto, 5 or 3.1.1", Refused(
            ("Twins:Mqtt:Brokers:0:Name", "a"), ("Twins:Mqtt:Brokers:0:Uri", "mqtt://h"), ("Twins:Mqtt:Brokers:0:Protocol", "4")), StringComparison.Ordinal);
        foreach (var protocol in new[] { "Auto", "auto", "5", "3.1.1" })
        {
            var options = Read(("Twins:Mqtt:Brokers:0:Name", "a"), ("Twins:Mqtt:Brokers:0:Uri", "mqtt://h"), ("Twins:Mqtt:Brokers:0:Protocol", protocol));
            Assert.Equal(protocol, options.Mqtt.Brokers[0].Protocol);
        }
    }

    [Fact]
    public void A_broker_needs_a_name_of_its_own_and_an_address()
    {
        Assert.Contains("mqtt://host:1883", Refused(("Twins:Mqtt:Brokers:0:Name", "a"), ("Twins:Mqtt:Brokers:0:Uri", "localhost")), StringComparison.Ordinal);
        Assert.Contains("used twice", Refused(
            ("Twins:Mqtt:Brokers:0:Name", "a"), ("Twins:Mqtt:Brokers:0:Uri", "mqtt://h"),
            ("Twins:Mqtt:Brokers:1:Name", "A"), ("Twins:Mqtt:Brokers:1:Uri", "mqtt://h")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_brokers_event_filter_is_read_before_anything_starts()
    {
        (string, string)[] broker = [("Twins:Mqtt:Brokers:0:Name", "a"), ("Twins:Mqtt:Brokers:0:Uri", "mqtt://h")];
        Read([.. broker, ("Twins:Mqtt:Brokers:0:EventFilter", "eq(tags/site,\"x\")")]);
        Assert.StartsWith(
            "Twins:Mqtt:Brokers:0:EventFilter is no filter: ", Refused([.. broker, ("Twins:Mqtt:Brokers:0:EventFilter", "nonsense")]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_of_this_machine_becomes_its_address() =>
        Assert.Equal("127.0.0.1", Read(("Twins:Cluster:Address", "localhost")).Cluster.Address);

    [Fact]
    public void In_Kubernetes_the_pod_must_know_itself()
    {
        var says = Refused(("Twins:Cluster:Kubernetes", "true"), ("Twins:Store:Redis", "redis:6379"));
        Assert.Contains("KUBERNETES_SERVICE_HOST, POD_NAME, POD_NAMESPACE, POD_IP", says, StringComparison.Ordinal);
    }

    [Fact]
    public void The_dashboards_user_name_has_no_colon_and_the_password_is_not_repeated()
    {
        var says = Refused(("Twins:Dashboard:Username", "a:b"), ("Twins:Dashboard:Password", "secret"));
        Assert.Contains("Twins:Dashboard:Username", says, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", says, StringComparison.Ordinal);
    }

    private static string Refused(params (string Key, string Value)[] settings) => Assert.Throws<StartupRefusedException>(() => Read(settings)).Message;

    private static TwinsOptions Read(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        return builder.AddTwinsOptions();
    }
}
