using CsCheck;
using Twins.Simulators.Mqtt;
using Xunit;

namespace Twins.Simulators.Tests.Mqtt;

public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:1884", "mqtt://127.0.0.1:1884")]
    [InlineData("localhost:1884", "mqtt://localhost:1884")]
    [InlineData("broker", "mqtt://broker:1883")]
    [InlineData("[::1]:1884", "mqtt://[::1]:1884")]
    [InlineData("mqtt://broker", "mqtt://broker:1883")]
    [InlineData("mqtt://broker/", "mqtt://broker:1883")]
    [InlineData("mqtt://broker:1884", "mqtt://broker:1884")]
    [InlineData("mqtts://broker", "mqtts://broker:8883")]
    [InlineData("mqtts://[::1]:8884", "mqtts://[::1]:8884")]
    [InlineData("ws://broker", "ws://broker:80/mqtt")]
    [InlineData("ws://broker/", "ws://broker:80/mqtt")]
    [InlineData("ws://broker:9001", "ws://broker:9001/mqtt")]
    [InlineData("ws://broker:9001/a/b?c=d", "ws://broker:9001/a/b?c=d")]
    [InlineData("wss://broker", "wss://broker:443/mqtt")]
    [InlineData("wss://[::1]:9443/x", "wss://[::1]:9443/x")]
    public void An_address_is_read_and_says_itself_in_full(string text, string full)
    {
        Assert.True(BrokerAddress.TryParse(text, out var address, out _));
        Assert.Equal(full, address.ToString());
        Assert.True(BrokerAddress.TryParse(full, out var again, out _));
        Assert.Equal(address, again);
    }

    [Theory]
    [InlineData("bro ker", "broker \"bro ker\" is not an MQTT address; write host:port, mqtt://host:port, mqtts://host for TLS, or ws://host/path and wss://host/path for WebSockets")]
    [InlineData("http://broker", "broker \"http://broker\" is not an MQTT address; write host:port, mqtt://host:port, mqtts://host for TLS, or ws://host/path and wss://host/path for WebSockets")]
    [InlineData("mqtt://broker/path", "broker \"mqtt://broker/path\" has a path, which only WebSockets have; write mqtt://broker, or ws://broker/path")]
    [InlineData("mqtts://broker:1/p", "broker \"mqtts://broker:1/p\" has a path, which only WebSockets have; write mqtts://broker:1, or wss://broker:1/p")]
    [InlineData("ws://me@broker/mqtt", "the broker's address holds a user name; pass it with --username and --password instead")]
    [InlineData("ws://broker/mqtt#part", "broker \"ws://broker/mqtt#part\" ends in \"#part\", which says nothing about where it listens; leave it out")]
    [InlineData("mqtt://broker:0", "broker \"mqtt://broker:0\" has port 0; ports are 1 to 65535")]
    public void A_wrong_address_is_told_with_its_remedy(string text, string sentence)
    {
        Assert.False(BrokerAddress.TryParse(text, out _, out var error));
        Assert.Equal(sentence, error);
    }

    [Fact]
    public void Nothing_that_is_written_makes_it_throw() => Gen.String.Sample(text =>
    {
        foreach (var scheme in (string[])["", "mqtt://", "mqtts://", "ws://", "wss://"])
        {
            if (!BrokerAddress.TryParse(scheme + text, out _, out var error))
            {
                Assert.NotEmpty(error);
            }
        }
    });
}
