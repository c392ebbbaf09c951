using System.Text.Json;
using Twins.Contracts.Json;
using Twins.Simulators.Ledgers;

namespace Twins.Simulators.Verification;

/// <summary>A twin as its device's acknowledged reports left it.</summary>
internal sealed class ExpectedTwin(string id)
{
    // Epochs are only names: the one that appears later is later, as for the platform.
    private readonly List<ulong> _epochs = [];

    public string Id { get; } = id;

    /// <summary><c>reported</c>.</summary>
    public ExpectedNode Reported { get; } = new();

    /// <summary>The last acknowledged report; null: none, and the twin need not be there.</summary>
    public long? LastAcknowledged { get; private set; }

    /// <summary>Takes a report.</summary>
    public void Take(in LedgerEntry entry, bool acknowledged, NameTable names)
    {
        if (acknowledged)
        {
            LastAcknowledged = entry.Number;
        }

        var patch = entry.Patch.Span;
        var json = new Utf8JsonReader(patch);
        json.Read();
        Reported.Take(ref json, patch, PlaceOf(entry), acknowledged, names);
    }

    /// <summary>Where a report stands among those of this device.</summary>
    public ReportPlace PlaceOf(in LedgerEntry entry)
    {
        var now = DateTimeOffset.UnixEpoch;
        if (entry.Seq is { } seq)
        {
            return new ReportPlace(entry.Number, Stamp.Sequenced(now, Ordinal(entry.Epoch ?? 0), seq));
        }

        return new ReportPlace(entry.Number, entry.Time is { } time ? Stamp.Timed(now, time) : Stamp.Arrival(now));
    }

    private int Ordinal(ulong epoch)
    {
        var known = _epochs.LastIndexOf(epoch);
        if (known < 0)
        {
            known = _epochs.Count;
            _epochs.Add(epoch);
        }

        return known;
    }
}
