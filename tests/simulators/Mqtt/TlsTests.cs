using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Xunit;

namespace Twins.Simulators.Tests.Mqtt;

public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_server_of_an_own_authority_is_trusted_by_name_and_by_address(string host)
    {
        using var certificate = _certificates.Sign(host);
        await using var broker = await TestBroker.StartAsync(certificate: certificate);
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(new BrokerAddress(host, broker.Port, Tls: true)) with
        {
            CertificateAuthority = _certificates.AuthorityFile,
        });
        await Eventually.IsTrueAsync(() => fleet.Device.DeliveredMessages.Count == 1);
        Assert.Empty(fleet.Said);
    }

    [Fact]
    public async Task One_of_several_authorities_is_enough()
    {
        using var others = new TestCertificates("others");
        using var certificate = _certificates.Sign("127.0.0.1");
        var both = _certificates.Write("both.pem", File.ReadAllText(others.AuthorityFile) + "\n" + File.ReadAllText(_certificates.AuthorityFile));
        await using var broker = await TestBroker.StartAsync(certificate: certificate);
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(broker.Address with { Tls = true }) with { CertificateAuthority = both });
        await Eventually.IsTrueAsync(() => fleet.Device.DeliveredMessages.Count == 1);
    }

    [Fact]
    public async Task A_client_certificate_is_presented()
    {
        using var certificate = _certificates.Sign("127.0.0.1");
        using var device = _certificates.Sign("device");
        var (file, key) = _certificates.Write(device, "device");
        await using var broker = await TestBroker.StartAsync(certificate: certificate);
        broker.ClientCertificateRequired = true;
        var options = ProbeFleet.Quick(broker.Address with { Tls = true }) with { CertificateAuthority = _certificates.AuthorityFile };
        await using var without = new ProbeFleet(options);
        await Eventually.IsTrueAsync(() => without.Engine.Snapshot().FailedConnects > 0);
        await using var fleet = new ProbeFleet(options with { ClientCertificate = file, ClientKey = key });
        await Eventually.IsTrueAsync(() => fleet.Device.DeliveredMessages.Count == 1);
        Assert.Equal([device.Thumbprint], broker.ClientCertificates);
    }

    [Fact]
    public void A_file_that_is_no_good_is_told_in_one_sentence_before_anything_connects()
    {
        using var certificate = _certificates.Sign("127.0.0.1");
        var (file, key) = _certificates.Write(certificate, "client");
        var (_, otherKey) = _certificates.Write(_certificates.Sign("other"), "other");
        var text = _certificates.Write("text.pem", "no certificate here");
        var broken = _certificates.Write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        var missing = Path.Combine(Path.GetDirectoryName(text)!, "missing.pem");
        var mqtts = new FleetOptions { Broker = new BrokerAddress("127.0.0.1", 8883, Tls: true) };
        var mqtt = new FleetOptions();
        foreach (var (options, begin, end) in (IEnumerable<(FleetOptions, string, string)>)
        [
            (mqtts with { CertificateAuthority = missing }, $"certificate authority \"{missing}\" cannot be read: ", "; name a PEM file with one or more certificates"),
            (mqtts with { CertificateAuthority = text }, $"certificate authority \"{text}\" holds no certificate", "; name a PEM file with one or more of them"),
            (mqtts with { CertificateAuthority = key }, $"certificate authority \"{key}\" holds no certificate", "; name a PEM file with one or more of them"),
            (mqtts with { CertificateAuthority = broken }, $"certificate authority \"{broken}\" holds a certificate that cannot be understood (", "; name a PEM file"),
            (mqtts with { CertificateAuthority = Path.GetDirectoryName(text) }, "certificate authority \"", "; name a PEM file with one or more certificates"),
            (mqtts with { ClientCertificate = missing }, $"client certificate \"{missing}\" or its key cannot be read: ", "; name a PEM certificate and its PEM key"),
            (mqtts with { ClientCertificate = file }, $"client certificate \"{file}\" (no key file is named, so it must hold the key too) cannot be used: ", "; name a PEM certificate and its unencrypted PEM key"),
            (mqtts with { ClientCertificate = file, ClientKey = otherKey }, $"client certificate \"{file}\" belongs to another key than \"{otherKey}\"", "; name the key that it was made for"),
            (mqtts with { ClientCertificate = file, ClientKey = text }, $"client certificate \"{file}\" with key \"{text}\" cannot be used: ", "; name a PEM certificate and its unencrypted PEM key"),
            (mqtts with { ClientKey = key }, $"private key \"{key}\" comes without its certificate", "; name the certificate too"),
            (mqtt with { CertificateAuthority = file }, $"certificate file \"{file}\" is of no use to mqtt://127.0.0.1:1883, which is not encrypted", "; write mqtts:// instead, or leave the file out"),
            (mqtt with { Broker = new BrokerAddress("h", 80, WebSocketPath: "/mqtt"), ClientCertificate = file }, $"certificate file \"{file}\" is of no use to ws://h:80/mqtt", "; write wss:// instead, or leave the file out"),
        ])
        {
            var sentence = Assert.Throws<FleetOptionsException>(() => new FleetEngine(options)).Message;
            Assert.True(sentence.StartsWith(begin, StringComparison.Ordinal), sentence);
            Assert.True(sentence.EndsWith(end, StringComparison.Ordinal), sentence);
            Assert.DoesNotContain('\n', sentence);
            Assert.DoesNotContain(". ", sentence, StringComparison.Ordinal);
        }
    }
}
