using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Twins.Silo.Links.Broker;

/// <summary>The authorities whose certificates a broker may present.</summary>
internal static class BrokerAuthorities
{
    /// <summary>All certificates of a PEM file; the one of a DER file.</summary>
    /// <exception cref="InvalidOperationException">It can not be read, or holds none.</exception>
    public static X509Certificate2Collection Read(string file)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            if (authorities.Count == 0)
            {
                authorities.Add(X509CertificateLoader.LoadCertificateFromFile(file));
            }

            return authorities;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"the certificate authority {file} can not be read ({exception.Message.TrimEnd('.')}); name a PEM file with one or more certificates", exception);
        }
    }
}
