using System.Text;
using Twins.Contracts.Topics;
using Twins.Simulators.Devices;
using Twins.Simulators.Fleet;
using DeviceModel = Twins.Simulators.Behaviours.DeviceModel;

namespace Twins.Simulators.Plans;

/// <summary>What a kind of a fleet will send, found by letting one of its devices live through a day, an hour's sample at a time.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="MessagesPerSecond">Reports of all its devices in a second of ours.</param>
/// <param name="BytesPerSecond">Their topics and payloads in a second of ours.</param>
/// <param name="Sample">A report of a device, as JSON.</param>
internal sealed record KindForecast(KindPlan Kind, double MessagesPerSecond, double BytesPerSecond, string Sample)
{
    private const int Samples = 60;
    private const int Hours = 24;

    public int Connections => (Kind.Count + Kind.DevicesPerConnection - 1) / Kind.DevicesPerConnection;

    /// <summary>Tries a kind out.</summary>
    public static KindForecast Of(FleetPlan plan, KindPlan kind)
    {
        var start = plan.Start ?? FleetFile.DefaultStart;
        var model = new DeviceModel(kind, 1, Seeds.Random(plan.Seed ?? 0, 0, Seeds.Values), start);
        var sample = Encoding.UTF8.GetString(Write(model, ReportScope.Whole));
        var interval = kind.Report.Interval;
        var each = (int)Math.Clamp(TimeSpan.FromHours(1) / interval, 1, Samples);
        var (measured, sent, bytes) = (0, 0, 0L);
        var topic = NativeTopics.Reported($"{plan.Namespace}:{IdPattern.Fill(kind.IdPattern, kind.Name, 1)}").Length;
        var (now, last) = (start, start);
        for (var hour = 0; hour < Hours; hour++)
        {
            // Between samples time passes and nobody looks.
            now = now > start.AddHours(hour) ? now : start.AddHours(hour);
            last = now;
            model.Advance(now);
            Write(model, ReportScope.Whole);
            for (var step = 0; step < each; step++)
            {
                now += interval;
                model.Advance(now);
                measured++;
                var scope = !kind.Report.OnChange || now - last >= kind.Report.AtLeastEvery ? ReportScope.Measured : ReportScope.Moved;
                if (scope == ReportScope.Measured || model.HasMoved)
                {
                    sent++;
                    bytes += topic + Write(model, scope).Length;
                    last = now;
                }
            }
        }

        var steps = kind.Count * plan.Speed / interval.TotalSeconds / measured;
        return new KindForecast(kind, sent * steps, bytes * steps, sample);
    }

    private static byte[] Write(DeviceModel model, ReportScope scope) =>
        JsonText.Object((model, scope), static (writer, report) => report.model.Write(writer, report.scope));
}
