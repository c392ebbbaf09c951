using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Xunit;

namespace Twins.Simulators.Tests.Mqtt;

/// <summary>Against a broker that we did not write.</summary>
public sealed class MosquittoTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("mqtt", MqttProtocol.V5, 1)]
    [InlineData("mqtt", MqttProtocol.V311, 2)]
    [InlineData("mqtts", MqttProtocol.V5, 2)]
    [InlineData("mqtts", MqttProtocol.V311, 1)]
    [InlineData("ws", MqttProtocol.V5, 1)]
    [InlineData("ws", MqttProtocol.V311, 0)]
    [InlineData("wss", MqttProtocol.V5, 2)]
    [InlineData("wss", MqttProtocol.V311, 1)]
    public async Task Messages_go_both_ways_over_every_kind_of_connection(string scheme, MqttProtocol protocol, int qos)
    {
        var tls = scheme is "mqtts" or "wss";
        using var server = _certificates.Sign("127.0.0.1");
        await using var mosquitto = await Mosquitto.StartAsync((tls ? Files(server) : "") + (scheme is "ws" or "wss" ? "protocol websockets" : ""));
        Assert.True(BrokerAddress.TryParse($"{scheme}://127.0.0.1:{mosquitto.Port}", out var address, out _));
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var engine = new FleetEngine(ProbeFleet.Quick(address) with
        {
            Protocol = protocol, QualityOfService = qos, CertificateAuthority = tls ? _certificates.AuthorityFile : null, OnTrouble = said.Enqueue,
        });
        var speaker = new ProbeDevice("acme:speaker");
        var listener = new ProbeDevice("acme:listener");
        var session = engine.Add(speaker);
        engine.AddShared([listener, new ProbeDevice("acme:other")]);
        engine.Start();
        await Eventually.IsTrueAsync(() => engine.Snapshot().Connected == 3);

        // Until it is subscribed the broker has nobody to hand it to.
        await Eventually.IsTrueAsync(() =>
        {
            session.TryPublish(new OutgoingMessage(NativeTopics.Desired("acme:listener"), """{"a":1}"""u8.ToArray()));
            return !listener.Messages.IsEmpty;
        });
        Assert.Contains((NativeTopics.Desired("acme:listener"), """{"a":1}"""), listener.Messages);
        await engine.StopAsync(TestContext.Current.CancellationToken);
        Assert.Empty(said);
        Assert.True(engine.Snapshot().Succeeded);
    }

    [Theory]
    [InlineData("protocol mqtt", "mqtts")]
    [InlineData("protocol websockets", "wss")]
    public async Task A_client_certificate_opens_the_door_where_one_is_asked_for(string protocol, string scheme)
    {
        using var server = _certificates.Sign("127.0.0.1");
        using var client = _certificates.Sign("device");
        var (certificate, key) = _certificates.Write(client, "device");
        await using var mosquitto = await Mosquitto.StartAsync($"{Files(server)}cafile {_certificates.AuthorityFile}\nrequire_certificate true\n{protocol}");
        Assert.True(BrokerAddress.TryParse($"{scheme}://127.0.0.1:{mosquitto.Port}", out var address, out _));
        var options = ProbeFleet.Quick(address) with { CertificateAuthority = _certificates.AuthorityFile };
        await using var without = new ProbeFleet(options);
        await Eventually.IsTrueAsync(() => without.Engine.Snapshot().FailedConnects > 1);
        await using var with = new ProbeFleet(options with { ClientCertificate = certificate, ClientKey = key });
        await Eventually.IsTrueAsync(() => with.Device.DeliveredMessages.Count == 1);
        Assert.Equal(0, without.Engine.Snapshot().Connects);
        Assert.Empty(with.Said);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Messages_sent_twice_are_acknowledged_each_once(int qos)
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(new BrokerAddress("127.0.0.1", mosquitto.Port)) with { QualityOfService = qos }, shared: 10);
        await Eventually.IsTrueAsync(() => fleet.Engine.Snapshot().Connected == 10);
        for (var number = 0; number < 1000; number++)
        {
            var (device, session) = (fleet.Devices[number % 10], fleet.Sessions[number % 10]);
            await Eventually.IsTrueAsync(() => session.CanPublish);
            session.Publish(device.Report($"{number / 10}", twice: number % 3 == 0));
        }

        await Eventually.IsTrueAsync(() => fleet.Sessions.All(session => session.Outstanding == 0));
        Assert.All(fleet.Devices, device => Assert.Equal(Enumerable.Range(0, 100).Select(number => $"{number}"), device.Acknowledged));
        Assert.Empty(fleet.Said);
        Assert.Equal(1, fleet.Engine.Snapshot().Connects);
    }

    [Theory]
    [InlineData("mqtt", 1)]
    [InlineData("mqtt", 2)]
    [InlineData("ws", 1)]
    public async Task Drops_and_freezes_lose_nothing(string scheme, int qos)
    {
        await using var mosquitto = await Mosquitto.StartAsync(scheme == "ws" ? "protocol websockets" : "");
        Assert.True(BrokerAddress.TryParse($"{scheme}://127.0.0.1:{mosquitto.Port}", out var address, out _));
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(address) with { QualityOfService = qos }, shared: 5);
        await Eventually.IsTrueAsync(() => fleet.Engine.Snapshot().Connected == 5);
        for (var number = 0; number < 300; number++)
        {
            foreach (var (device, session) in fleet.Devices.Zip(fleet.Sessions))
            {
                session.Publish(device.Report($"{number}", twice: number % 7 == 0));
            }

            if (number % 60 == 20)
            {
                fleet.Session.Restart(TimeSpan.FromMilliseconds(10));
            }
            else if (number % 60 == 50)
            {
                fleet.Session.Freeze(TimeSpan.FromMilliseconds(50));
            }

            await Eventually.IsTrueAsync(() => fleet.Sessions.All(session => session.Outstanding < 100));
        }

        await Eventually.IsTrueAsync(() => fleet.Sessions.All(session => session.Outstanding == 0));
        Assert.All(fleet.Devices, device => Assert.Equal(Enumerable.Range(0, 300), device.Acknowledged.Select(int.Parse).Order()));
        Assert.Equal(0, fleet.Engine.Snapshot().LostConnections);
        Assert.InRange(fleet.Engine.Snapshot().Connects, 2, 11);
        Assert.Empty(fleet.Said);
    }

    private string Files(System.Security.Cryptography.X509Certificates.X509Certificate2 server)
    {
        var (certificate, key) = _certificates.Write(server, "server");
        return $"certfile {certificate}\nkeyfile {key}\n";
    }
}
