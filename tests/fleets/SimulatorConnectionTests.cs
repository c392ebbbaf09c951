using Twins.Tests.Harness;

namespace Twins.Fleets.Tests;

/// <summary>The ways to the platform and to a broker: versions, passwords, TLS and WebSockets.</summary>
public sealed class SimulatorConnectionTests : IAsyncLifetime
{
    private const string Username = "fleet";
    private const string Password = "fleets-secret";
    private const int Devices = 4;

    private static readonly string[] s_protocols = ["3.1.1", "5"];

    private readonly TemporaryFolder _folder = new();
    private readonly Authority _authority = new();
    private readonly int _tlsPort = Loopback.FreePort();
    private TwinsProcess _twins = null!;
    private TwinsRest _rest = null!;

    public async ValueTask InitializeAsync()
    {
        _twins = await TwinsProcess.Start(new TwinsSettings
        {
            DataDirectory = _folder.In("data"),
            More = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Twins:Mqtt:Gateway:TlsPort"] = $"{_tlsPort}",
                ["Twins:Mqtt:Gateway:Certificate"] = _authority.ServerCertificatePath,
                ["Twins:Mqtt:Gateway:CertificateKey"] = _authority.ServerKeyPath,
                ["Twins:Mqtt:Gateway:Users:0:Username"] = Username,
                ["Twins:Mqtt:Gateway:Users:0:Password"] = Password,
            },
        });
        _rest = new TwinsRest(_twins.Url);
    }

    [Fact]
    public async Task The_gateway_lets_in_who_knows_the_password_in_either_version_with_TLS_and_without()
    {
        foreach (var protocol in s_protocols)
        {
            foreach (var (broker, more) in new[]
            {
                ($"mqtt://127.0.0.1:{_twins.Settings.MqttPort}", Array.Empty<string>()),
                ($"mqtts://127.0.0.1:{_tlsPort}", ["--ca", _authority.CertificatePath]),
                ($"mqtts://localhost:{_tlsPort}", ["--ca", _authority.CertificatePath]),
            })
            {
                var space = $"c{Guid.NewGuid():N}"[..10];
                var end = (await Run(broker, Password, protocol, space, more)).Expect(0);
                Assert.Equal(Devices, (int)end.Json["connected"]!);
                for (var number = 1; number <= Devices; number++)
                {
                    Assert.NotNull((await _rest.Reported($"{space}:probe-{number}"))?["count"]);
                }
            }
        }
    }

    [Fact]
    public async Task A_wrong_password_is_said_in_one_sentence()
    {
        foreach (var protocol in s_protocols)
        {
            var sentence = await Refused(Start($"mqtt://127.0.0.1:{_twins.Settings.MqttPort}", "guess", protocol, "wrong-password"));
            Assert.Contains("password", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain("guess", sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_said_in_one_sentence()
    {
        using var stranger = new Authority();
        var sentence = await Refused(Start($"mqtts://127.0.0.1:{_tlsPort}", Password, "5", "wrong-authority", "--ca", stranger.CertificatePath));
        Assert.Contains("certificate", sentence, StringComparison.Ordinal);

        var unknown = await Refused(Start($"mqtts://127.0.0.1:{_tlsPort}", Password, "5", "no-authority"));
        Assert.Contains("--ca", unknown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_said_in_one_sentence()
    {
        var port = Loopback.FreePort();
        var sentence = await Refused(Start($"mqtt://127.0.0.1:{port}", Password, "5", "nobody"));
        Assert.Contains($"nothing listens at mqtt://127.0.0.1:{port}", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_is_reached_over_WebSockets()
    {
        Require.Components(Component.Mosquitto, Component.MosquittoSub);
        var port = Loopback.FreePort();
        MosquittoProcess broker;
        try
        {
            broker = await MosquittoProcess.Start(durability: $"listener {port} 127.0.0.1\nprotocol websockets");
        }
        catch (InvalidOperationException e) when (e.Message.Contains("ebsockets", StringComparison.Ordinal))
        {
            Assert.Skip($"this mosquitto was built without WebSockets: {e.Message}");
            throw;
        }

        await using var _ = broker;
        foreach (var protocol in s_protocols)
        {
            await using var listener = await MosquittoSub.Start(broker.Port, "twins/+/reported");
            var end = (await Run($"ws://127.0.0.1:{port}/", Password, protocol, "web")).Expect(0);
            Assert.Equal(Devices, (int)end.Json["connected"]!);
            await Eventually.Is(
                () => listener.Inbox.All.Select(message => message.Topic).Distinct(StringComparer.Ordinal).Count() == Devices, "reports of each device");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _rest?.Dispose();
        if (_twins is not null)
        {
            TestOutput.ShowIfFailed(_twins);
            await _twins.DisposeAsync();
        }

        _authority.Dispose();
        _folder.Dispose();
    }

    /// <summary>Waits for what it says when it can not connect; it would try again until it is stopped.</summary>
    private static async Task<string> Refused(Simulator fleet)
    {
        await using var _ = fleet;
        await Eventually.Is(() => fleet.Errors.Length > 0 || fleet.HasExited, "a word about why nobody connects");
        var end = (await fleet.Stop()).Expect(1);
        Assert.Equal(0, (int)end.Json["connected"]!);
        Assert.Single(end.Json["errors"]!.AsArray());
        return Assert.Single(end.Errors.Split('\n'), line => line.Length > 0);
    }

    private async Task<SimulatorEnd> Run(string broker, string password, string protocol, string space, params string[] more)
    {
        await using var fleet = Start(broker, password, protocol, space, [.. more, "--duration", "2s"]);
        return await fleet.End();
    }

    private Simulator Start(string broker, string password, string protocol, string space, params string[] more)
    {
        var file = _folder.In($"{space}.yaml");
        File.WriteAllText(file, $"namespace: {space}\n{ProbeFleet.Counting(Devices).Replace("tags:", "# tags:", StringComparison.Ordinal)}");
        return Simulator.Start(
            [
                "run", file, "--broker", broker, "--username", Username, "--password", password, "--protocol", protocol, "--json", "--quiet", .. more,
            ]);
    }
}
