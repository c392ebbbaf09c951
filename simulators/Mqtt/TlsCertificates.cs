using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using Twins.Simulators.Fleet;

namespace Twins.Simulators.Mqtt;

/// <summary>Whom a fleet trusts, and as whom it presents itself: the certificates that its options name, read once.</summary>
internal sealed class TlsCertificates
{
    private readonly string? _authorityFile;
    private readonly X509Certificate2Collection? _authorities;

    private TlsCertificates(string? authorityFile, X509Certificate2Collection? authorities, X509Certificate2? client)
    {
        _authorityFile = authorityFile;
        _authorities = authorities;
        Client = client;
    }

    /// <summary>What every device presents, with its private key; null: nothing.</summary>
    public X509Certificate2? Client { get; }

    /// <summary>Reads the files that the options name.</summary>
    /// <param name="options">The options.</param>
    /// <param name="certificates">What is in the files, when the answer is true.</param>
    /// <param name="error">One sentence saying what is wrong and what would be right, when the answer is false.</param>
    public static bool TryRead(FleetOptions options, [NotNullWhen(true)] out TlsCertificates? certificates, [NotNullWhen(false)] out string? error)
    {
        certificates = null;
        var named = options.CertificateAuthority ?? options.ClientCertificate ?? options.ClientKey;
        if (named is not null && !options.Broker.Tls)
        {
            var scheme = options.Broker.WebSocketPath is null ? "mqtts" : "wss";
            error = $"certificate file \"{named}\" is of no use to {options.Broker}, which is not encrypted; write {scheme}:// instead, or leave the file out";
            return false;
        }

        if (options.ClientKey is not null && options.ClientCertificate is null)
        {
            error = $"private key \"{options.ClientKey}\" comes without its certificate; name the certificate too";
            return false;
        }

        X509Certificate2Collection? authorities = null;
        X509Certificate2? client = null;
        if ((options.CertificateAuthority is { } authority && !TryReadAuthorities(authority, out authorities, out error))
            || (options.ClientCertificate is { } certificate && !TryReadClient(certificate, options.ClientKey, out client, out error)))
        {
            return false;
        }

        error = null;
        certificates = new TlsCertificates(options.CertificateAuthority, authorities, client);
        return true;
    }

    /// <summary>Whether a server is the one that was called.</summary>
    /// <exception cref="ConnectFailedException">It is not, with the reason in one sentence.</exception>
    public bool Accept(MqttClientCertificateValidationEventArgs seen, BrokerAddress broker)
    {
        if (seen.Certificate is null)
        {
            throw new ConnectFailedException("tls-no-certificate", $"{broker} presents no certificate; it needs one for TLS");
        }

        using var certificate = new X509Certificate2(seen.Certificate);
        if (ChainFlaws(certificate, seen) is { } flaws)
        {
            throw Untrusted(certificate, flaws, broker);
        }

        return !seen.SslPolicyErrors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? true
            : throw new ConnectFailedException(
                "tls-wrong-host", $"{broker} presents a certificate for {Names(certificate)}; call it by that name, or give it a certificate for \"{broker.Host}\"");
    }

    // Null: the chain is right.
    private X509ChainStatusFlags? ChainFlaws(X509Certificate2 certificate, MqttClientCertificateValidationEventArgs seen)
    {
        if (_authorities is null)
        {
            return seen.SslPolicyErrors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? Flags(seen.Chain) : null;
        }

        // Where authorities are named only they count, not those of this machine.
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in seen.Chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            // What the server sent along: the authorities between it and those that are trusted.
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate) ? null : Flags(chain);
    }

    private static X509ChainStatusFlags Flags(X509Chain? chain) =>
        (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, static (flags, status) => flags | status.Status);

    private ConnectFailedException Untrusted(X509Certificate2 certificate, X509ChainStatusFlags flaws, BrokerAddress broker)
    {
        if (flaws.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return new ConnectFailedException(
                "tls-out-of-date",
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"{broker} presents a certificate that is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}, or is signed by one that is out of date; renew it, or set this machine's clock"));
        }

        return (flaws & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) == X509ChainStatusFlags.NoError
            ? new ConnectFailedException("tls-chain", $"{broker} presents a certificate that is not in order: {flaws}")
            : new ConnectFailedException("tls-untrusted", _authorityFile is null
                ? $"{broker} presents a certificate of an authority that this machine does not trust; name the authority's certificate with --ca"
                : $"{broker} presents a certificate of another authority than those in \"{_authorityFile}\"; name the right one with --ca");
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(static address => address.ToString())))
            .ToList();
        return names.Count == 0 ? $"\"{certificate.Subject}\"" : string.Join(", ", names.Select(static name => $"\"{name}\""));
    }

    private static bool TryReadAuthorities(string file, out X509Certificate2Collection? authorities, [NotNullWhen(false)] out string? error)
    {
        authorities = null;
        error = null;
        try
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPemFile(file);
            if (read.Count > 0)
            {
                authorities = read;
                return true;
            }

            error = $"certificate authority \"{file}\" holds no certificate; name a PEM file with one or more of them";
        }
        catch (CryptographicException exception)
        {
            error = $"certificate authority \"{file}\" holds a certificate that cannot be understood ({exception.Message.TrimEnd('.')}); name a PEM file";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            error = $"certificate authority \"{file}\" cannot be read: {exception.Message.TrimEnd('.')}; name a PEM file with one or more certificates";
        }

        return false;
    }

    private static bool TryReadClient(string file, string? keyFile, out X509Certificate2? client, [NotNullWhen(false)] out string? error)
    {
        client = null;
        error = null;
        try
        {
            using var read = X509Certificate2.CreateFromPemFile(file, keyFile);

            // A key that was read from PEM is of no use to TLS on Windows before it was stored like this.
            client = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
            return true;
        }
        catch (ArgumentException exception) when (exception.ParamName == "privateKey")
        {
            error = $"client certificate \"{file}\" belongs to another key than \"{keyFile ?? file}\"; name the key that it was made for";
        }
        catch (CryptographicException exception)
        {
            var both = keyFile is null ? $"\"{file}\" (no key file is named, so it must hold the key too)" : $"\"{file}\" with key \"{keyFile}\"";
            error = $"client certificate {both} cannot be used: {exception.Message.TrimEnd('.')}; name a PEM certificate and its unencrypted PEM key";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            error = $"client certificate \"{file}\" or its key cannot be read: {exception.Message.TrimEnd('.')}; name a PEM certificate and its PEM key";
        }

        return false;
    }
}
