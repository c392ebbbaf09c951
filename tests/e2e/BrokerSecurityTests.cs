using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>A broker link to a Mosquitto that wants a password, with TLS and without.</summary>
public sealed class BrokerSecurityTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Authority _authority = new();
    private MosquittoProcess? _broker;
    private TwinsProcess? _twins;

    public ValueTask InitializeAsync()
    {
        Require.Components(Component.Mosquitto, Component.MosquittoPasswd, Component.MosquittoPub);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_link_knows_its_password_and_whom_to_trust()
    {
        _broker = await MosquittoProcess.Start(("twins", "right"), _authority);
        _twins = await TwinsProcess.Start(Settings("mqtts", ("CertificateAuthority", _authority.CertificatePath)));

        await Connected();

        await ReportAndRead("--cafile", _authority.CertificatePath);
    }

    [Fact]
    public async Task A_link_does_not_give_its_password_to_a_broker_it_does_not_trust()
    {
        using var stranger = new Authority();
        _broker = await MosquittoProcess.Start(("twins", "right"), _authority);
        _twins = await TwinsProcess.Start(Settings("mqtts", ("CertificateAuthority", stranger.CertificatePath)));

        await Eventually.Is(() => Complaints().Length == 1, "the link to say that it does not trust the broker");

        Assert.Contains("certificate", Complaints()[0], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("twins-broker", _broker.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_said_once_and_tried_until_it_is_right()
    {
        _broker = await MosquittoProcess.Start(("twins", "another"));
        _twins = await TwinsProcess.Start(Settings("mqtt"));
        using var rest = new TwinsRest(_twins.Url);

        await Eventually.Is(() => Attempts() >= 3, "the link to try three times");
        (await rest.Put("/twins/meanwhile", "{}")).Expect(System.Net.HttpStatusCode.Created);
        Assert.Contains("NotAuthorized", Assert.Single(Complaints()), StringComparison.Ordinal);
        Assert.DoesNotContain("is connected", _twins.Output, StringComparison.Ordinal);

        await _broker.Stop();
        await _broker.SetLogin("twins", "right");
        await _broker.StartAgain();

        await Connected();
        await ReportAndRead();
        Assert.Single(Complaints());
    }

    public async ValueTask DisposeAsync()
    {
        if (_twins is not null)
        {
            TestOutput.ShowIfFailed(_twins);
            TestOutput.ShowIfFailed("Mosquitto", _broker!.Output);
            await _twins.DisposeAsync();
        }

        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        _authority.Dispose();
        _folder.Dispose();
    }

    private TwinsSettings Settings(string scheme, params (string Key, string Value)[] more) => new()
    {
        DataDirectory = _folder.In("data"),
        BrokerPort = _broker!.Port,
        More = new[] { ("Uri", $"{scheme}://127.0.0.1:{_broker.Port}"), ("Username", "twins"), ("Password", "right") }.Concat(more)
            .ToDictionary(setting => $"Twins:Mqtt:Brokers:0:{setting.Item1}", setting => setting.Item2, StringComparer.Ordinal),
    };

    private Task Connected() =>
        Eventually.Is(() => _twins!.Output.Contains("Broker link broker is connected", StringComparison.Ordinal), "the broker link to connect");

    /// <summary>What the log says of not being connected; stack traces are not counted.</summary>
    private string[] Complaints() => [.. _twins!.Output.Split('\n').Where(line => line.Contains("Broker link broker cannot connect", StringComparison.Ordinal))];

    private int Attempts() => _broker!.Output.Split('\n').Count(line => line.Contains("not authorised", StringComparison.Ordinal));

    private async Task ReportAndRead(params string[] more)
    {
        using var rest = new TwinsRest(_twins!.Url);
        await MosquittoPub.Publish(
            _broker!.Port, new Publish("twins/behind/reported", """{"a":1}"""), "mqttv5", [.. more, "-u", "twins", "-P", "right"]);
        await Eventually.Passes(async () => Json.AssertEqual("""{"a":1}""", await rest.Reported("behind")));
    }
}
