using System.Net.WebSockets;

namespace Twins.Api.Tests;

/// <summary>Where the names are set by which one is asked, a page can not get at the API by a name of its own for this machine's address.</summary>
public sealed class AllowedHostsTests : IDisposable
{
    private readonly ApiFixture _api = new(TimeProvider.System, builder => builder.UseSetting("AllowedHosts", "localhost;[::1]"));

    public void Dispose() => _api.Dispose();

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("localhost:8080", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("evil.example", 400)]
    [InlineData("127.0.0.1", 400)]
    public async Task Requests_to_other_names_are_refused(string host, int status) =>
        Assert.Equal(status, (await _api.Client.Get("/twins", ("Host", host))).Status);

    [Fact]
    public async Task Nor_is_a_socket_opened()
    {
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.Open(_api.Address, "http://evil.example", "evil.example"));
        Assert.Contains("400", refused.Message, StringComparison.Ordinal);
        (await LiveClient.Open(_api.Address, "http://localhost", "localhost")).Dispose();
    }
}
