using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Twins.Silo.Hosting;

namespace Twins.Silo.Links.Gateway;

/// <summary>Reads the gateway's certificate.</summary>
internal static class GatewayCertificate
{
    /// <exception cref="StartupRefusedException">It can not be read, or has no private key.</exception>
    public static X509Certificate2 Load(GatewayOptions options)
    {
        var path = options.Certificate!;
        try
        {
            var certificate = Read(path, options);
            if (certificate.HasPrivateKey)
            {
                return certificate;
            }

            certificate.Dispose();
            throw new CryptographicException("it has no private key");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new StartupRefusedException(
                $"the certificate {path} can not be used ({exception.Message.TrimEnd('.')}); Twins:Mqtt:Gateway:Certificate must name a PFX, or a PEM certificate with its key in CertificateKey.",
                exception);
        }
    }

    private static X509Certificate2 Read(string path, GatewayOptions options)
    {
        if (path.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".p12", StringComparison.OrdinalIgnoreCase))
        {
            return X509CertificateLoader.LoadPkcs12FromFile(path, options.CertificatePassword);
        }

        // An empty setting is none: it would be taken for a file.
        var key = string.IsNullOrEmpty(options.CertificateKey) ? null : options.CertificateKey;
        return string.IsNullOrEmpty(options.CertificatePassword)
            ? X509Certificate2.CreateFromPemFile(path, key)
            : X509Certificate2.CreateFromEncryptedPemFile(path, options.CertificatePassword, key);
    }
}
