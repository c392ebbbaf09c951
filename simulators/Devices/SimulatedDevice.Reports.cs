using System.Globalization;
using System.Text.Json;
using Twins.Simulators.Faults;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Devices;

internal sealed partial class SimulatedDevice
{
    private const string Firmware = "1.4.2";

    // What a device says of itself: no property of a fleet file can have one of these names.
    private const string Kind = "kind";
    private const string FirmwareName = "firmware";
    private const string Serial = "serial";
    private const string Interval = "interval";

    // Further ahead than this of the platform's clock it orders a message by its arrival (clock-ahead): its default.
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);

    // Made, and not yet in the hands of the session: as much as one burst, and those that waited for it.
    private Queue<Report>? _outbox;
    private List<Report>? _burst;
    private List<Report>? _heldBack;
    private TimeSpan _lastReported;
    private double _skew;
    private ulong _epoch;
    private ulong _seq;
    private int _patchStart;
    private int _refusalsAwaited;
    private int _refusalsUnderway;

    // The first report of a connection has everything, unless the plan says that only the very first has.
    private bool _whole = true;

    private int ReportsKept => (_outbox?.Count ?? 0) + (_burst?.Count ?? 0) + (_heldBack?.Count ?? 0);

    private ReportScope? ScopeNow()
    {
        var plan = _kind.Plan.Report;
        return _whole ? ReportScope.Whole
            : !plan.OnChange ? ReportScope.Measured
            : _model!.HasMoved ? ReportScope.Moved
            : _moment - _lastReported >= plan.AtLeastEvery ? ReportScope.Measured
            : null;
    }

    private void Make(ReportScope scope)
    {
        var fate = _faults?.Fate() ?? ReportFate.None;
        var report = Compose(_moment, fate, (Device: this, scope), static (writer, state) => state.Device.WriteReport(writer, state.scope));
        report.Behind = fate.Behind;
        CountFate(fate);
        var most = _kind.Plan.Report.Burst;
        if (most > 1)
        {
            (_burst ??= []).Add(report);
            if (scope == ReportScope.Whole || _burst.Count >= most)
            {
                ReleaseBurst();
            }
        }
        else
        {
            Release(report);
        }
    }

    // Sends a report, or keeps it back; and those that were kept back behind it.
    private void Release(Report report)
    {
        if (report.Behind > 0)
        {
            (_heldBack ??= []).Add(report);
            return;
        }

        Enqueue(report);
        if (_heldBack is { Count: > 0 })
        {
            foreach (var held in _heldBack)
            {
                held.Behind--;
            }

            foreach (var held in _heldBack.FindAll(static held => held.Behind == 0))
            {
                _heldBack.Remove(held);
                Enqueue(held);
            }
        }
    }

    private void ReleaseBurst()
    {
        foreach (var report in _burst!)
        {
            Release(report);
        }

        _burst.Clear();
    }

    // At the end: what is kept for later is sent now. Returns whether there was anything.
    private bool ReleaseKept()
    {
        if (ReportsKept == 0)
        {
            return false;
        }

        if (_burst is not null)
        {
            ReleaseBurst();
        }

        _heldBack?.ForEach(Enqueue);
        _heldBack?.Clear();
        return true;
    }

    private void Enqueue(Report report)
    {
        if (_outbox is { Count: > 0 } || !TrySend(report))
        {
            (_outbox ??= new Queue<Report>()).Enqueue(report);
        }
    }

    // False where some can not be sent yet.
    private bool SendWaiting()
    {
        while (_outbox is not null && _outbox.TryPeek(out var report))
        {
            if (!TrySend(report))
            {
                return false;
            }

            _outbox.Dequeue();
        }

        return true;
    }

    private bool TrySend(Report report)
    {
        if (_cut || !Session.CanPublish)
        {
            return false;
        }

        report.NoteSent(_engine.Options.Ledger, Id);
        if (!Session.TryPublish(report))
        {
            return false;
        }

        if (report.MeantToBeRefused)
        {
            _refusalsAwaited += report.SendTwice ? 2 : 1;
            _refusalsUnderway++;
        }

        Interlocked.Increment(ref _engine.Tally.Readings);
        return true;
    }

    private Report Compose<TState>(TimeSpan moment, ReportFate fate, TState state, Action<Utf8JsonWriter, TState> writeMembers)
    {
        var stamp = Stamp(moment, out var isTooFarAhead);
        var protocol = _engine.Options.Protocol;
        var payload = JsonText.Object((Device: this, stamp, state, writeMembers), static (writer, all) =>
        {
            all.stamp.WriteMembers(writer, all.Device._engine.Options.Protocol);
            all.Device._patchStart = (int)(writer.BytesCommitted + writer.BytesPending);
            all.writeMembers(writer, all.state);
        });
        var properties = stamp.Properties(protocol);
        if (fate.Broken != Breakage.None)
        {
            (payload, properties) = Breakages.Break(fate.Broken, payload, protocol);
        }

        return new Report(_reportedTopic, payload, properties)
        {
            Stamp = isTooFarAhead ? stamp with { Time = null } : stamp,
            PatchStart = _patchStart,
            SendTwice = fate.Twice,
            MeantToBeRefused = fate.Broken != Breakage.None,
        };
    }

    private MessageStamp Stamp(TimeSpan moment, out bool isTooFarAhead)
    {
        isTooFarAhead = false;
        string? time = null;
        if (_kind.Plan.Timestamps)
        {
            var shown = Clock.Start + moment + TimeSpan.FromSeconds(_skew);
            isTooFarAhead = _skew > 0 && shown - _engine.Options.Time.GetUtcNow() > MostAhead;
            time = shown.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        }

        return new MessageStamp(_sequence ? _epoch : null, _sequence ? ++_seq : null, time);
    }

    private void WriteReport(Utf8JsonWriter writer, ReportScope scope)
    {
        if (scope == ReportScope.Whole)
        {
            WriteIdentity(writer);
            WriteInterval(writer);
        }

        _model!.Write(writer, scope);
    }

    private void WriteIdentity(Utf8JsonWriter writer)
    {
        writer.WriteString(Kind, _kind.Plan.Name);
        writer.WriteString(FirmwareName, Firmware);
        writer.WriteString(Serial, $"SN-{_index + 1:D6}");
    }

    private void WriteInterval(Utf8JsonWriter writer) => writer.WriteNumber(Interval, _interval.TotalSeconds);

    private void CountFate(ReportFate fate)
    {
        Count(fate.Twice, FaultKind.Duplicate);
        Count(fate.Behind > 0, FaultKind.Reorder);
        Count(fate.Broken != Breakage.None, FaultKind.Malformed);

        void Count(bool struck, FaultKind kind)
        {
            if (struck)
            {
                _engine.Tally.Strike(kind);
            }
        }
    }
}
