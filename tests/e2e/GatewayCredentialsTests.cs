using System.Net;
using System.Net.Sockets;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>The gateway with user names and passwords, which may therefore be open to other machines.</summary>
public sealed class GatewayCredentialsTests : IAsyncLifetime
{
    /// <summary>What listens on 127.0.0.1 alone is not here; what listens everywhere is.</summary>
    private static readonly IPAddress s_otherLoopback = IPAddress.Parse("127.0.0.2");

    private readonly TemporaryFolder _folder = new();
    private TwinsProcess _twins = null!;

    public async ValueTask InitializeAsync()
    {
        Require.Components(Component.Paho);
        _twins = await TwinsProcess.Start(new TwinsSettings
        {
            DataDirectory = _folder.In("data"),
            More = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Twins:Mqtt:Gateway:Address"] = "0.0.0.0",
                ["Twins:Mqtt:Gateway:Users:0:Username"] = "pump",
                ["Twins:Mqtt:Gateway:Users:0:Password"] = "pumps-secret",
                ["Twins:Mqtt:Gateway:Users:1:Username"] = "truck",
                ["Twins:Mqtt:Gateway:Users:1:Password"] = "trucks-secret",
            },
        });
    }

    [Fact]
    public async Task Only_who_knows_a_password_connects()
    {
        using var rest = new TwinsRest(_twins.Url);
        foreach (var (version, refusal) in new[] { (4, 4), (5, 0x86) }) // MQTT 3.1.1, 3.2.2.3; MQTT 5, 3.2.2.2
        {
            foreach (var (username, password) in new[] { ("pump", "pumps-secret"), ("truck", "trucks-secret") })
            {
                await using var device = await Connect(version, username, password);
                await device.Publish($"twins/{username}-{version}/reported", """{"a":1}""");
                Json.AssertEqual("""{"a":1}""", await rest.Reported($"{username}-{version}"));
            }

            foreach (var (username, password) in new[] { ("pump", "trucks-secret"), ((string?)null, (string?)null) })
            {
                var refused = await Assert.ThrowsAsync<ConnectionRefusedException>(() => Connect(version, username, password));
                Assert.Equal(refusal, refused.Code);
            }
        }

        Assert.Contains("refused", _twins.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("-secret", _twins.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passwords_open_the_gateway_to_others_and_nothing_else()
    {
        await ConnectTo(_twins.Settings.MqttPort);
        await Assert.ThrowsAsync<SocketException>(() => ConnectTo(_twins.Settings.HttpPort));
    }

    public async ValueTask DisposeAsync()
    {
        if (_twins is not null)
        {
            TestOutput.ShowIfFailed(_twins);
            await _twins.DisposeAsync();
        }

        _folder.Dispose();
    }

    private Task<PahoClient> Connect(int version, string? username, string? password) =>
        PahoClient.Connect(new PahoOptions($"device-{Guid.NewGuid():N}", _twins.Settings.MqttPort)
        {
            Version = version,
            Username = username,
            Password = password,
        });

    private static async Task ConnectTo(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(s_otherLoopback, port), TestContext.Current.CancellationToken);
    }
}
