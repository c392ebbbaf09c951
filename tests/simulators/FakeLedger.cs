using System.Text;
using Twins.Simulators.Ledgers;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Tests;

/// <summary>A ledger in memory.</summary>
internal sealed class FakeLedger : ILedger
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    public long Sent(string twinId, ReadOnlyMemory<byte> patch, MessageStamp stamp)
    {
        lock (_gate)
        {
            _entries.Add(new Entry(twinId, Encoding.UTF8.GetString(patch.Span), stamp));
            return _entries.Count - 1;
        }
    }

    public void Acknowledged(long entry)
    {
        lock (_gate)
        {
            _entries[(int)entry] = _entries[(int)entry] with { Times = _entries[(int)entry].Times + 1 };
        }
    }

    internal sealed record Entry(string TwinId, string Patch, MessageStamp Stamp, int Times = 0)
    {
        public bool Acknowledged => Times == 1;
    }
}
