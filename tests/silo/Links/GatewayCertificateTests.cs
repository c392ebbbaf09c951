using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Twins.Silo.Hosting;
using Twins.Silo.Links.Gateway;
using Xunit;

namespace Twins.Silo.Tests.Links;

/// <summary>The kinds of files that a certificate may come in.</summary>
public sealed class GatewayCertificateTests : IDisposable
{
    private const string Password = "a password";

    private readonly string _folder = Directory.CreateTempSubdirectory("twins-silo-").FullName;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public GatewayCertificateTests() => _certificate = new CertificateRequest("CN=localhost", _key, HashAlgorithmName.SHA256)
        .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

    private string Pem => _certificate.ExportCertificatePem();

    private string EncryptedKey =>
        _key.ExportEncryptedPkcs8PrivateKeyPem(Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1_000));

    [Fact]
    public void PEM_with_its_key_beside_it() =>
        Loads(new() { Certificate = Write("a.pem", Pem), CertificateKey = Write("a.key", _key.ExportPkcs8PrivateKeyPem()) });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void PEM_with_its_key_in_the_same_file(string? key) =>
        Loads(new() { Certificate = Write("a.pem", $"{Pem}\n{_key.ExportPkcs8PrivateKeyPem()}\n"), CertificateKey = key });

    [Fact]
    public void PEM_with_an_encrypted_key() =>
        Loads(new() { Certificate = Write("a.pem", Pem), CertificateKey = Write("a.key", EncryptedKey), CertificatePassword = Password });

    [Theory]
    [InlineData(null)]
    [InlineData(Password)]
    public void PFX(string? password) =>
        Loads(new() { Certificate = Write("a.pfx", _certificate.Export(X509ContentType.Pfx, password)), CertificatePassword = password });

    [Fact]
    public void A_wrong_password_is_refused()
    {
        Refused(new() { Certificate = Write("a.pem", Pem), CertificateKey = Write("a.key", EncryptedKey), CertificatePassword = "another" });
        Refused(new() { Certificate = Write("a.pem", Pem), CertificateKey = Write("a.key", EncryptedKey) });
        Refused(new() { Certificate = Write("a.pfx", _certificate.Export(X509ContentType.Pfx, Password)), CertificatePassword = "another" });
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused()
    {
        using var keyless = X509CertificateLoader.LoadCertificate(_certificate.RawData);
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused(new() { Certificate = Write("a.pem", Pem) });
        Refused(new() { Certificate = Write("a.pem", Pem), CertificateKey = Write("other.key", otherKey.ExportPkcs8PrivateKeyPem()) });
        Refused(new() { Certificate = Write("a.pfx", keyless.Export(X509ContentType.Pfx)) });
    }

    [Fact]
    public void What_is_no_certificate_is_refused()
    {
        Refused(new() { Certificate = Path.Combine(_folder, "absent.pem") });
        Refused(new() { Certificate = Path.Combine(_folder, "absent", "absent.pfx") });
        Refused(new() { Certificate = _folder });
        Refused(new() { Certificate = Write("a.pem", "") });
        Refused(new() { Certificate = Write("a.pfx", "nonsense") });
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Loads(GatewayOptions options)
    {
        using var loaded = GatewayCertificate.Load(options);
        Assert.True(loaded.HasPrivateKey);
        Assert.Equal(_certificate.Thumbprint, loaded.Thumbprint);
    }

    private static void Refused(GatewayOptions options)
    {
        var refused = Assert.Throws<StartupRefusedException>(() => GatewayCertificate.Load(options));
        Assert.Contains(options.Certificate!, refused.Message, StringComparison.Ordinal);
    }

    private string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
