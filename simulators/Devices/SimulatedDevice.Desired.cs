using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Devices;

internal sealed partial class SimulatedDevice
{
    private static readonly (double Shortest, double Longest) IntervalSeconds = (0.01, 86_400);

    // What it will react to, and has not yet.
    private List<DesiredChange>? _desiredLater;

    private void Take(ReadOnlySequence<byte> payload)
    {
        // An empty message clears a retained one; it wants nothing.
        if (payload.IsEmpty)
        {
            return;
        }

        if (payload.IsEmpty)
        {
            // The twin was deleted, and what a broker has retained of it is cleared: nothing is desired any more.
            Take([]);
            return;
        }

        if (!TryParse(payload, out var document))
        {
            _engine.Troubles.Report("desired-not-json", $"what is desired of {Id} is not JSON");
            return;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                _engine.Troubles.Report("desired-not-object", $"what is desired of {Id} is not a JSON object");
                return;
            }

            Take(_kind.Desired.Split(document.RootElement));
        }
    }

    // A message has all that is desired and not reported. So what is still being thought about and is not in it any more
    // is not desired any more, and what is in it again keeps its time.
    private void Take(List<DesiredChange> changes)
    {
        var now = Own;
        var before = _desiredLater;
        _desiredLater = null;
        var atOnce = new List<DesiredChange>();
        foreach (var change in changes)
        {
            if (change.Reaction.Reaction == Reaction.Ignore)
            {
                continue;
            }

            if (change.Reaction.Delay <= TimeSpan.Zero)
            {
                atOnce.Add(change);
                continue;
            }

            var known = before?.Find(change.Wants);
            var later = known ?? change with { Value = change.Value.Clone(), Due = now + change.Reaction.Delay };
            (_desiredLater ??= []).Add(later);
            ScheduleAt(later.Due);
        }

        CarryOut(atOnce);
    }

    // Takes what it can and reports that back, so that the delta shrinks to what it can not; of what it rejects it
    // reports what it has.
    private void CarryOut(List<DesiredChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var taken = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in changes.Where(static change => change.Reaction.Reaction == Reaction.Accept).GroupBy(static change => change.Path[0], StringComparer.Ordinal))
        {
            var value = Join([.. member]);
            if (TryTake(member.Key, value))
            {
                taken.Add(member.Key, value);
            }
            else
            {
                Interlocked.Increment(ref _engine.Tally.DesiredRefused);
            }
        }

        var rejected = changes.Where(static change => change.Reaction.Reaction == Reaction.Reject)
            .Select(static change => change.Path[0]).Distinct(StringComparer.Ordinal).ToList();
        Interlocked.Add(ref _engine.Tally.DesiredRefused, rejected.Count);
        Interlocked.Add(ref _engine.Tally.DesiredTaken, taken.Count > 0 ? 1 : 0);
        ReportBack(taken, rejected);
        Proceed();
    }

    private static JsonElement Join(List<DesiredChange> changes)
    {
        if (changes is [{ Path.Length: 1 } whole])
        {
            return whole.Value;
        }

        var root = new JsonObject();
        foreach (var change in changes)
        {
            var parent = root;
            foreach (var name in change.Path[1..^1])
            {
                parent = parent[name] as JsonObject ?? (JsonObject)(parent[name] = new JsonObject());
            }

            parent[change.Path[^1]] = JsonNode.Parse(change.Value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(root);
    }

    private bool TryTake(string name, JsonElement value)
    {
        if (name is Kind or FirmwareName or Serial)
        {
            return false;
        }

        if (name != Interval)
        {
            return _model!.TryTake(name, value);
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds)
            || seconds < IntervalSeconds.Shortest || seconds > IntervalSeconds.Longest)
        {
            return false;
        }

        var interval = TimeSpan.FromSeconds(seconds);
        if (interval != _interval)
        {
            _interval = interval;
            _next = _phased ? Own + interval : _next;
        }

        return true;
    }

    private void ReportBack(Dictionary<string, JsonElement> taken, List<string> rejected)
    {
        var seq = _seq;
        var somethingToSay = false;
        var report = Compose(Own, Faults.ReportFate.None, 0, (writer, _) =>
        {
            var written = new HashSet<string>(StringComparer.Ordinal);
            foreach (var name in rejected)
            {
                var before = writer.BytesCommitted + writer.BytesPending;
                WriteMember(writer, name);
                somethingToSay |= before != writer.BytesCommitted + writer.BytesPending && written.Add(name);
            }

            foreach (var (name, value) in taken.Where(member => !written.Contains(member.Key)))
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
                somethingToSay = true;
            }
        });
        if (!somethingToSay)
        {
            _seq = seq;
            return;
        }

        report.NoteSent(_engine.Options.Ledger, Id);
        Session.Publish(report);
    }

    private void WriteMember(Utf8JsonWriter writer, string name)
    {
        if (name == Interval)
        {
            WriteInterval(writer);
        }
        else
        {
            _model!.WriteMember(writer, name);
        }
    }
}
