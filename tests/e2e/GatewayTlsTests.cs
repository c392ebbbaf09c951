using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>The gateway with TLS, and nothing but TLS.</summary>
public sealed class GatewayTlsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Authority _authority = new();
    private readonly int _port = Loopback.FreePort();
    private TwinsProcess? _twins;

    public ValueTask InitializeAsync()
    {
        Require.Components(Component.MosquittoPub);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Who_trusts_the_authority_is_heard_and_who_does_not_goes()
    {
        _twins = await TwinsProcess.Start(Settings());
        using var rest = new TwinsRest(_twins.Url);
        using var stranger = new Authority();

        var (code, output) = await MosquittoPub.TryPublish(
            _port, new Publish("twins/stranger/reported", """{"a":1}"""), "mqttv5", "--cafile", stranger.CertificatePath);
        Assert.True(code != 0, "a client that does not trust the certificate published");
        Assert.Contains("TLS", output, StringComparison.Ordinal);
        Assert.Null(await rest.Reported("stranger"));

        foreach (var version in new[] { "mqttv311", "mqttv5" })
        {
            await MosquittoPub.Publish(
                _port, new Publish($"twins/{version}/reported", """{"a":1}"""), version, "--cafile", _authority.CertificatePath);
            Json.AssertEqual("""{"a":1}""", await rest.Reported(version));
        }
    }

    [Fact]
    public async Task One_who_does_not_speak_TLS_holds_nobody_up()
    {
        _twins = await TwinsProcess.Start(Settings());
        using var rest = new TwinsRest(_twins.Url);
        using var mute = new RawDevice(_port);

        await Assert.ThrowsAnyAsync<Exception>(() => PahoClient.Connect(new PahoOptions("plain", _port)));
        await MosquittoPub.Publish(_port, new Publish("twins/other/reported", """{"a":1}"""), "mqttv5", "--cafile", _authority.CertificatePath);

        Json.AssertEqual("""{"a":1}""", await rest.Reported("other"));
    }

    [Theory]
    [InlineData("no-such-file.pem", null)]
    [InlineData(null, "no-such-file.key")]
    [InlineData(null, "")]
    public async Task A_certificate_that_can_not_be_used_is_said_in_one_sentence(string? certificate, string? key)
    {
        var settings = Settings();
        await using var twins = TwinsProcess.Launch(settings with
        {
            More = new Dictionary<string, string>(settings.More, StringComparer.Ordinal)
            {
                ["Twins:Mqtt:Gateway:Certificate"] = certificate is null ? _authority.ServerCertificatePath : _folder.In(certificate),
                ["Twins:Mqtt:Gateway:CertificateKey"] = key switch { null => _authority.ServerKeyPath, "" => "", _ => _folder.In(key) },
            },
        });

        Assert.Equal(1, await twins.WaitForExit(TimeSpan.FromSeconds(20)));
        var line = Assert.Single(twins.Output.Split('\n'), line => line.StartsWith("Twins does not start:", StringComparison.Ordinal));
        Assert.Contains("Twins:Mqtt:Gateway:Certificate", line, StringComparison.Ordinal);
        Assert.Equal(line, twins.Output.TrimEnd());
    }

    public async ValueTask DisposeAsync()
    {
        if (_twins is not null)
        {
            TestOutput.ShowIfFailed(_twins);
            await _twins.DisposeAsync();
        }

        _authority.Dispose();
        _folder.Dispose();
    }

    private TwinsSettings Settings() => new()
    {
        DataDirectory = _folder.In("data"),
        MqttPort = 0,
        More = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Twins:Mqtt:Gateway:TlsPort"] = $"{_port}",
            ["Twins:Mqtt:Gateway:Certificate"] = _authority.ServerCertificatePath,
            ["Twins:Mqtt:Gateway:CertificateKey"] = _authority.ServerKeyPath,
        },
    };
}
