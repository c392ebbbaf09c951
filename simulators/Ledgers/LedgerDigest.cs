using System.Security.Cryptography;
using System.Text;

namespace Twins.Simulators.Ledgers;

/// <summary>
/// A short name for what a whole fleet was acknowledged for: over all devices in the order of their ids, the acknowledged
/// patches of each in the order of sending. The same values give the same digest, however devices and times interleave.
/// </summary>
internal sealed class LedgerDigest
{
    private const int Shown = 16;

    // Of each device the hash so far: the hash of the one before and of the next patch.
    private readonly SortedDictionary<string, byte[]> _devices = new(StringComparer.Ordinal);

    /// <summary>Adds an acknowledged report; those of a device in the order of sending.</summary>
    public void Add(string twinId, ReadOnlySpan<byte> patch)
    {
        if (!_devices.TryGetValue(twinId, out var chain))
        {
            _devices.Add(twinId, chain = new byte[SHA256.HashSizeInBytes]);
        }

        Span<byte> pair = stackalloc byte[2 * SHA256.HashSizeInBytes];
        chain.CopyTo(pair);
        SHA256.HashData(patch, pair[SHA256.HashSizeInBytes..]);
        SHA256.HashData(pair, chain);
    }

    /// <summary>The first 64 bits, as 16 hexadecimal digits.</summary>
    public override string ToString()
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (id, chain) in _devices)
        {
            whole.AppendData(Encoding.UTF8.GetBytes(id));
            whole.AppendData([0]);
            whole.AppendData(chain);
        }

        return Convert.ToHexStringLower(whole.GetHashAndReset())[..Shown];
    }

    /// <summary>Reads a ledger: which were acknowledged, then what they said.</summary>
    public static string Of(LedgerReader ledger)
    {
        var acknowledged = LedgerAcknowledgements.Of(ledger);
        var digest = new LedgerDigest();
        foreach (var entry in ledger.Read())
        {
            if (entry.Kind == LedgerEntryKind.Sent && acknowledged[entry.Number])
            {
                digest.Add(entry.TwinId, entry.Patch.Span);
            }
        }

        return digest.ToString();
    }
}
