using System.IO.Hashing;
using Twins.Silo.Dialects;

namespace Twins.Silo.Links.Broker;

/// <summary>
/// Remembers the publishes that were under way when a connection ended, to find one that makes the broker end it: MQTT 3.1.1 has no
/// other way to refuse a message. Safe for any thread.
/// </summary>
internal sealed class BrokerSuspects
{
    /// <summary>After so many ends of connections, each with this publish alone under way, it is set aside.</summary>
    public const int Attempts = 3;

    /// <summary>More are not remembered; the oldest go.</summary>
    private const int Capacity = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Topic, ulong Payload), int> _ends = [];
    private readonly Queue<(string Topic, ulong Payload)> _order = new();

    /// <summary>Returns what is known of a publish; without any suspicion this costs nothing.</summary>
    public BrokerSuspicion Of(Encoded encoded)
    {
        if (_ends.Count == 0)
        {
            return BrokerSuspicion.None;
        }

        lock (_gate)
        {
            return !_ends.TryGetValue(KeyOf(encoded), out var ends) ? BrokerSuspicion.None
                : ends >= Attempts ? BrokerSuspicion.SetAside
                : BrokerSuspicion.Suspected;
        }
    }

    /// <summary>Notes that the connection ended while the publish was under way.</summary>
    /// <param name="encoded">The publish.</param>
    /// <param name="alone">Whether nothing else was under way.</param>
    /// <returns>What is known of it now.</returns>
    public BrokerSuspicion Blame(Encoded encoded, bool alone)
    {
        var key = KeyOf(encoded);
        lock (_gate)
        {
            if (!_ends.TryGetValue(key, out var ends))
            {
                while ((_ends.Count >= Capacity || _order.Count >= 2 * Capacity) && _order.TryDequeue(out var oldest))
                {
                    _ends.Remove(oldest);
                }

                _order.Enqueue(key);
            }

            _ends[key] = ends += alone ? 1 : 0;
            return ends >= Attempts ? BrokerSuspicion.SetAside : BrokerSuspicion.Suspected;
        }
    }

    /// <summary>Notes that the broker acknowledged the publish.</summary>
    public void Clear(Encoded encoded)
    {
        lock (_gate)
        {
            _ends.Remove(KeyOf(encoded));
            if (_ends.Count == 0)
            {
                _order.Clear();
            }
        }
    }

    private static (string Topic, ulong Payload) KeyOf(Encoded encoded) => (encoded.Topic, XxHash64.HashToUInt64(encoded.Payload));
}
