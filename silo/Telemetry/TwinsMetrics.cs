using System.Diagnostics.Metrics;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;

namespace Twins.Silo.Telemetry;

/// <summary>
/// What a silo counts of itself, along the way of a message: link, dispatcher, twin, store, egress. Operators read it
/// at <c>/metrics</c> (docs/operations.md); where nobody does, an instrument costs next to nothing. Durations are in
/// seconds, as OpenTelemetry wants them. Safe for any thread.
/// </summary>
internal sealed class TwinsMetrics
{
    /// <summary>The meter of all instruments here.</summary>
    public const string MeterName = "Twins";

    private static readonly InstrumentAdvice<double> s_durations = new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20] };
    private static readonly InstrumentAdvice<int> s_batches = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] };

    private readonly Meter _meter;
    private readonly Counter<long> _received;
    private readonly Counter<long> _taken;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _acknowledged;
    private readonly Counter<long> _shed;
    private readonly Counter<long> _fenced;
    private readonly Counter<long> _deadLetters;
    private readonly Histogram<int> _dispatched;
    private readonly Counter<long> _retries;
    private readonly UpDownCounter<long> _inMemory;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _joined;
    private readonly Counter<long> _writes;
    private readonly Histogram<int> _writesPerTrip;
    private readonly Histogram<double> _trip;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _eventsDropped;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _brokerFailures;
    private readonly Counter<long> _brokerSetAside;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _indexLag;
    private readonly UpDownCounter<long> _indexed;
    private readonly UpDownCounter<long> _indexBytes;

    public TwinsMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _received = _meter.CreateCounter<long>("twins.ingress.received", "{message}", "Messages that links have received.");
        _taken = _meter.CreateCounter<long>("twins.ingress.taken", "{message}", "Messages by what became of them.");
        _duration = _meter.CreateHistogram("twins.ingress.duration", "s", "From received until it may be acknowledged.", advice: s_durations);
        _acknowledged = _meter.CreateCounter<long>("twins.ingress.acknowledged", "{message}", "QoS 1 and 2 messages that were acknowledged.");
        _fenced = _meter.CreateCounter<long>("twins.ingress.fenced", "{message}", "Messages and presence changes of connections that had lost their right to another connection.");
        _shed = _meter.CreateCounter<long>("twins.ingress.shed", "{message}", "QoS 0 messages that the store did not take and that were given up.");
        _deadLetters = _meter.CreateCounter<long>("twins.ingress.dead_letters", "{message}", "Messages that became dead letters, by reason.");
        _dispatched = _meter.CreateHistogram("twins.dispatcher.batch", "{message}", "Messages of one call to a twin.", advice: s_batches);
        _retries = _meter.CreateCounter<long>("twins.dispatcher.retries", "{call}", "Calls to twins that failed and were repeated.");
        _inMemory = _meter.CreateUpDownCounter<long>("twins.twin.in_memory", "{twin}", "Twins in memory; the others are in the store only.");
        _changes = _meter.CreateCounter<long>("twins.twin.changes", "{call}", "Calls to twins that waited for a write.");
        _joined = _meter.CreateCounter<long>("twins.twin.joined", "{call}", "Those of them that shared the write of another.");
        _writes = _meter.CreateCounter<long>("twins.store.writes", "{write}", "States given to the store, by result.");
        _writesPerTrip = _meter.CreateHistogram("twins.store.batch", "{write}", "States of one round trip to the store.", advice: s_batches);
        _trip = _meter.CreateHistogram("twins.store.duration", "s", "Round trips to the store, until all in them is durable.", advice: s_durations);
        _deliveries = _meter.CreateCounter<long>("twins.egress.deliveries", "{message}", "Messages to devices, by kind and result.");
        _eventsDropped = _meter.CreateCounter<long>("twins.events.dropped", "{event}", "Events that twins gave up because their listeners do not take them.");
        _conflicts = _meter.CreateCounter<long>("twins.gateway.client_id_conflicts", "{conflict}", "Client ids that took over their own open connection 5 times within a minute.");
        _brokerFailures = _meter.CreateCounter<long>("twins.broker.failures", "{failure}", "Connections of broker links that failed or were lost, by reason.");
        _brokerSetAside = _meter.CreateCounter<long>("twins.broker.set_aside", "{message}", "Messages that a broker does not accept and that are not sent again, by reason.");
        _refused = _meter.CreateCounter<long>("twins.gateway.refused", "{connection}", "Connections that were refused because too few file descriptors were free.");
        _indexLag = _meter.CreateHistogram("twins.fleet.lag", "s", "From a change that is durable until the fleet index has it.", advice: s_durations);
        _indexed = _meter.CreateUpDownCounter<long>("twins.fleet.indexed", "{twin}", "Twins in the fleet index, in the partitions that this silo holds.");
        _indexBytes = _meter.CreateUpDownCounter<long>("twins.fleet.bytes", "By", "Memory of those partitions.");
    }

    /// <summary>Adds a gauge: something that has a length when somebody looks.</summary>
    public void Gauge(string name, string unit, string description, Func<long> read) => _meter.CreateObservableUpDownCounter(name, read, unit, description);

    /// <summary>Adds a gauge with a value for each of several things.</summary>
    public void Gauges(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> read) => _meter.CreateObservableUpDownCounter(name, read, unit, description);

    public void Received(string link) => _received.Add(1, new KeyValuePair<string, object?>("link", link));

    /// <summary>A message may be acknowledged.</summary>
    public void Taken(string link, MessageOutcomeKind outcome, TimeSpan after)
    {
        var tag = new KeyValuePair<string, object?>("link", link);
        _taken.Add(1, tag, new KeyValuePair<string, object?>("outcome", NameOf(outcome)));
        _duration.Record(after.TotalSeconds, tag);
    }

    /// <summary>A message could not be stored; whoever sent it sends it again.</summary>
    public void NotTaken(string link) => _taken.Add(1, new("link", link), new("outcome", "not_stored"));

    public void Acknowledged(string link) => _acknowledged.Add(1, new KeyValuePair<string, object?>("link", link));

    /// <summary>Counts a client id that several clients use.</summary>
    public void ClientIdConflict() => _conflicts.Add(1);

    /// <summary>Counts something of a connection that has lost its right to another one.</summary>
    public void Fenced(string link) => _fenced.Add(1, new KeyValuePair<string, object?>("link", link));

    public void Shed(string link) => _shed.Add(1, new KeyValuePair<string, object?>("link", link));

    public void DeadLetter(string link, string code) => _deadLetters.Add(1, new("link", link), new("code", code));

    public void Dispatched(int messages) => _dispatched.Record(messages);

    public void Retried() => _retries.Add(1);

    /// <summary>A twin has come into memory, or left it.</summary>
    public void InMemory(bool there) => _inMemory.Add(there ? 1 : -1);

    /// <summary>A change of a twin has become durable.</summary>
    public void Changed(bool joined)
    {
        _changes.Add(1);
        if (joined)
        {
            _joined.Add(1);
        }
    }

    public void Written(int stored, int conflicts, int failed, TimeSpan after)
    {
        _writesPerTrip.Record(stored + conflicts + failed);
        _trip.Record(after.TotalSeconds);
        Count("stored", stored);
        Count("conflict", conflicts);
        Count("failed", failed);

        void Count(string result, int writes)
        {
            if (writes > 0)
            {
                _writes.Add(writes, new KeyValuePair<string, object?>("result", result));
            }
        }
    }

    public void Delivery(OutgoingMessageKind kind, DeliveryResult result) => _deliveries.Add(1, new("kind", NameOf(kind)), new("result", NameOf(result)));

    public void EventDropped() => _eventsDropped.Add(1);

    /// <summary>Counts a connection of a broker link that failed or was lost.</summary>
    public void BrokerFailed(string link, string reason) => _brokerFailures.Add(1, new("link", link), new("reason", reason));

    /// <summary>Counts a message that a broker does not accept.</summary>
    public void BrokerSetAside(string link, string reason) => _brokerSetAside.Add(1, new("link", link), new("reason", reason));

    /// <summary>Counts a connection that was refused.</summary>
    public void ConnectionRefused() => _refused.Add(1);

    /// <summary>The fleet index has a change that became durable so long ago.</summary>
    public void IndexLag(TimeSpan after) => _indexLag.Record(after.TotalSeconds);

    /// <summary>Partitions of this silo have come to hold more, or less.</summary>
    public void Indexed(long twins, long bytes)
    {
        _indexed.Add(twins);
        _indexBytes.Add(bytes);
    }

    private static string NameOf(MessageOutcomeKind outcome) => outcome switch
    {
        MessageOutcomeKind.Applied => "applied",
        MessageOutcomeKind.Stale => "stale",
        MessageOutcomeKind.Rejected => "rejected",
        MessageOutcomeKind.Fenced => "fenced",
        MessageOutcomeKind.Ignored => "ignored",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, message: null),
    };

    private static string NameOf(OutgoingMessageKind kind) => kind switch
    {
        OutgoingMessageKind.Desired => "desired",
        OutgoingMessageKind.Command => "command",
        OutgoingMessageKind.Error => "error",
        OutgoingMessageKind.Document => "document",
        OutgoingMessageKind.Withdrawal => "withdrawal",
        _ => "other",
    };

    private static string NameOf(DeliveryResult result) => result switch
    {
        DeliveryResult.Delivered => "delivered",
        DeliveryResult.Busy => "busy",
        DeliveryResult.NotConnected => "not_connected",
        DeliveryResult.NotSubscribed => "not_subscribed",
        DeliveryResult.LinkDown => "link_down",
        DeliveryResult.TooLarge => "too_large",
        DeliveryResult.Refused => "refused",
        _ => "other",
    };
}
