using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Xunit;

namespace Twins.Simulators.Tests.Mqtt;

/// <summary>A server that refuses, drops or is not there: said once, tried again, counted.</summary>
public sealed class ConnectFailureTests
{
    [Fact]
    public Task Nobody_listens() => IsSaidAsync(
        ProbeFleet.Quick(new BrokerAddress("127.0.0.1", Loopback.FreePort())),
        broker => $"nothing listens at {broker}; start a broker or gateway there, or name another address");

    [Fact]
    public Task The_host_is_not_known() => IsSaidAsync(
        ProbeFleet.Quick(new BrokerAddress("no-such-host.invalid", 1883)),
        _ => "host \"no-such-host.invalid\" is not known; check the broker's address");

    [Fact]
    public Task A_server_that_says_nothing() => IsSaidAsync(
        static async connection =>
        {
            while (await connection.NextAsync() is not null)
            {
                // Read, and never answered.
            }
        },
        broker => $"{broker} did not answer within 0.2 s; is it an MQTT broker?",
        options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });

    [Fact]
    public Task A_server_that_hangs_up() => IsSaidAsync(
        static connection => connection.ReceiveAsync<MqttConnectPacket>(),
        broker => $"{broker} closed the connection instead of answering; is it an MQTT broker, and one without TLS?");

    [Fact]
    public Task A_web_server() => IsSaidAsync(
        static async connection =>
        {
            await connection.ReceiveAsync<MqttConnectPacket>();
            await connection.Stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray());
        },
        broker => $"{broker} closed the connection instead of answering; is it an MQTT broker, and one without TLS?");

    [Fact]
    public Task A_server_that_speaks_first_and_in_another_protocol() => IsSaidAsync(
        static async connection =>
        {
            await connection.Stream.WriteAsync("SSH-2.0-OpenSSH_9.6\r\n"u8.ToArray());
            await connection.NextAsync();
            await connection.NextAsync();
        },
        broker => $"{broker} did not answer within 0.2 s; is it an MQTT broker?",
        options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });

    [Theory]
    [InlineData("D0 00")]
    [InlineData("20 01 00")]
    [InlineData("20 05 00 00 02 99 99")]
    [InlineData("F0 00")]
    [InlineData("20 FF FF FF FF FF")]
    public Task A_server_that_answers_nonsense(string answer) => IsSaidAsync(
        async connection =>
        {
            await connection.ReceiveAsync<MqttConnectPacket>();
            await connection.Stream.WriteAsync(Convert.FromHexString(answer.Replace(" ", "", StringComparison.Ordinal)));
            await connection.NextAsync();
        },
        broker => $"{broker} answers, but not in MQTT; check the port");

    [Theory]
    [InlineData(MqttProtocol.V5, "20 03 00 84 00", "does not speak MQTT 5; try 3.1.1")]
    [InlineData(MqttProtocol.V5, "20 02 00 01", "does not speak MQTT 5; try 3.1.1")]
    [InlineData(MqttProtocol.V311, "20 02 00 01", "does not speak MQTT 3.1.1; try 5")]
    [InlineData(MqttProtocol.V311, "20 03 00 84 00", "does not speak MQTT 3.1.1; try 5")]
    [InlineData(MqttProtocol.V5, "20 03 00 86 00", "refuses devices without credentials; give a user name and a password")]
    [InlineData(MqttProtocol.V5, "20 03 00 87 00", "refuses devices without credentials; give a user name and a password")]
    [InlineData(MqttProtocol.V5, "20 02 00 05", "refuses devices without credentials; give a user name and a password")]
    [InlineData(MqttProtocol.V311, "20 02 00 04", "refuses devices without credentials; give a user name and a password")]
    [InlineData(MqttProtocol.V311, "20 02 00 05", "refuses devices without credentials; give a user name and a password")]
    [InlineData(MqttProtocol.V5, "20 03 00 97 00", "refuses the connection: QuotaExceeded")]
    [InlineData(MqttProtocol.V5, "20 0B 00 97 08 1F 00 05 65 6E 6F 75 67", "refuses the connection: QuotaExceeded (enoug)")]
    [InlineData(MqttProtocol.V5, "20 03 00 89 00", "refuses the connection: ServerBusy")]
    [InlineData(MqttProtocol.V311, "20 02 00 03", "refuses the connection: ConnectionRefusedServerUnavailable")]
    public Task A_server_that_refuses(MqttProtocol protocol, string answer, string says) => IsSaidAsync(
        async connection =>
        {
            await connection.ReceiveAsync<MqttConnectPacket>();
            await connection.Stream.WriteAsync(Convert.FromHexString(answer.Replace(" ", "", StringComparison.Ordinal)));
            await connection.NextAsync();
        },
        broker => $"{broker} {says}",
        options => options with { Protocol = protocol });

    [Fact]
    public async Task Wrong_credentials()
    {
        await using var broker = await TestBroker.StartAsync(("plant", "right"));
        await IsSaidAsync(
            ProbeFleet.Quick(broker.Address) with { Username = "plant", Password = "wrong" },
            address => $"{address} refuses user \"plant\" or the password; check both");
    }

    [Fact]
    public async Task A_server_that_closes_right_after_it_accepted_is_asked_less_and_less_often()
    {
        await using var server = new ScriptedServer(static connection => connection.AcceptAsync());
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with
        {
            ReconnectDelay = TimeSpan.FromMilliseconds(10), MaximumReconnectDelay = TimeSpan.FromHours(1),
        });
        await Eventually.IsTrueAsync(() => server.Count >= 5);
        await Eventually.IsTrueAsync(() => fleet.Engine.Snapshot() is { LostConnections: >= 5, Connected: 0 });

        // The fifth pause is at least 80 ms; a back-off that began anew with each CONNACK would be far beyond.
        Assert.InRange(server.Count, 5, 12);
        Assert.Equal([$"{server.Address} closed the connection; connecting again"], fleet.Said);
    }

    [Theory]
    [InlineData(MqttDisconnectReasonCode.ServerShuttingDown, "ended the connection: ServerShuttingDown; connecting again")]
    [InlineData(MqttDisconnectReasonCode.QuotaExceeded, "ended the connection: QuotaExceeded; connecting again")]
    public async Task A_server_that_says_good_bye_is_quoted(MqttDisconnectReasonCode code, string says)
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync();
            await connection.ReceiveAsync<MqttPublishPacket>();
            await connection.SendAsync(new MqttDisconnectPacket { ReasonCode = code });
            while (await connection.NextAsync() is not null)
            {
                // Read to the end: closing with something unread would overtake the good-bye.
            }
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address));
        await Eventually.IsTrueAsync(() => fleet.Engine.Snapshot().LostConnections > 2);
        Assert.Equal([$"{server.Address} {says}"], fleet.Said);
    }

    [Fact]
    public async Task A_client_id_that_somebody_else_uses_is_named()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(broker.Address));
        await Eventually.IsTrueAsync(() => fleet.Engine.Snapshot().Connected == 1);
        await using var other = new ProbeFleet(ProbeFleet.Quick(broker.Address));
        await Eventually.IsTrueAsync(() => !fleet.Said.IsEmpty);
        Assert.Equal("another client uses the client id \"sim:probe-1\"; does another simulator run with the same prefix?", fleet.Said.First());
    }

    [Fact]
    public async Task A_certificate_of_a_stranger()
    {
        using var certificates = new TestCertificates();
        using var strangers = new TestCertificates("strangers");
        using var certificate = certificates.Sign("127.0.0.1");
        await using var server = Encrypted(certificate);
        var address = server.Address with { Tls = true };
        await IsSaidAsync(ProbeFleet.Quick(address), _ =>
            $"{address} presents a certificate of an authority that this machine does not trust; name the authority's certificate with --ca");
        await IsSaidAsync(ProbeFleet.Quick(address) with { CertificateAuthority = strangers.AuthorityFile }, _ =>
            $"{address} presents a certificate of another authority than those in \"{strangers.AuthorityFile}\"; name the right one with --ca");
    }

    [Fact]
    public async Task A_certificate_of_another_host()
    {
        using var certificates = new TestCertificates();
        using var certificate = certificates.Sign("broker.example");
        await using var server = Encrypted(certificate);
        var address = server.Address with { Tls = true };
        await IsSaidAsync(ProbeFleet.Quick(address) with { CertificateAuthority = certificates.AuthorityFile }, _ =>
            $"{address} presents a certificate for \"broker.example\"; call it by that name, or give it a certificate for \"127.0.0.1\"");
    }

    [Fact]
    public async Task A_certificate_that_is_out_of_date()
    {
        using var certificates = new TestCertificates();
        using var certificate = certificates.Sign("127.0.0.1", days: 1);
        await using var server = Encrypted(certificate);
        var address = server.Address with { Tls = true };
        await IsSaidAsync(
            ProbeFleet.Quick(address) with { CertificateAuthority = certificates.AuthorityFile },
            _ => $"{address} presents a certificate that is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}, or is signed by one that is out of date; renew it, or set this machine's clock");
    }

    [Fact]
    public async Task A_plain_server_where_tls_was_expected()
    {
        await using var broker = await TestBroker.StartAsync();
        var address = broker.Address with { Tls = true };
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(address));
        await Eventually.IsTrueAsync(() => fleet.Engine.Snapshot().FailedConnects > 2);
        var said = Assert.Single(fleet.Said);
        Assert.StartsWith($"TLS with {address} failed: ", said, StringComparison.Ordinal);
        Assert.EndsWith("; does it listen with TLS there?", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tls_server_where_none_was_expected()
    {
        using var certificates = new TestCertificates();
        using var certificate = certificates.Sign("127.0.0.1");
        await using var server = Encrypted(certificate);
        await IsSaidAsync(ProbeFleet.Quick(server.Address), broker =>
            $"{broker} closed the connection instead of answering; is it an MQTT broker, and one without TLS?");
    }

    [Fact]
    public async Task A_server_that_knows_no_web_sockets()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            var request = new byte[4096];
            Assert.StartsWith("GET /there HTTP/1.1", System.Text.Encoding.ASCII.GetString(request, 0, await connection.Stream.ReadAsync(request)), StringComparison.Ordinal);
            await connection.Stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        });
        var address = server.Address with { WebSocketPath = "/there" };
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(address));
        await Eventually.IsTrueAsync(() => fleet.Engine.Snapshot().FailedConnects > 2);
        var said = Assert.Single(fleet.Said);
        Assert.StartsWith($"{address} does not open a WebSocket (", said, StringComparison.Ordinal);
        Assert.Contains("404", said, StringComparison.Ordinal);
    }

    // Its client breaks off, so a handshake that fails is no fault of the script's.
    private static ScriptedServer Encrypted(X509Certificate2 certificate) => new(
        static connection => connection.NextAsync(),
        async socket =>
        {
            var tls = new SslStream(socket);
            try
            {
                await tls.AuthenticateAsServerAsync(certificate);
            }
            catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
            {
                await tls.DisposeAsync();
            }

            return tls;
        });

    private static async Task IsSaidAsync(
        Func<ScriptedConnection, Task> script, Func<BrokerAddress, string> sentence, Func<FleetOptions, FleetOptions>? change = null)
    {
        await using var server = new ScriptedServer(script);
        var options = ProbeFleet.Quick(server.Address);
        await IsSaidAsync(change?.Invoke(options) ?? options, sentence);
    }

    private static async Task IsSaidAsync(FleetOptions options, Func<BrokerAddress, string> sentence)
    {
        await using var fleet = new ProbeFleet(options);
        await Eventually.IsTrueAsync(() => fleet.Engine.Snapshot().FailedConnects > 2);
        Assert.Equal([sentence(options.Broker)], fleet.Said);
        var now = fleet.Engine.Snapshot();
        Assert.Equal((1, 0, 0), (now.NeverConnected, now.Connected, now.Connects));
        Assert.True(now.Errors > 2);
    }
}
