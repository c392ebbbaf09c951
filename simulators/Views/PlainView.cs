using Twins.Simulators.Fleet;

namespace Twins.Simulators.Views;

/// <summary>One line every few seconds, for logs and pipes.</summary>
internal sealed class PlainView(TextWriter writer, TimeProvider time) : IFleetView
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly RateMeter _published = new(Every);
    private readonly RateMeter _acknowledged = new(Every);

    public async Task ShowAsync(FleetSource source, CancellationToken ended)
    {
        await writer.WriteLineAsync(source.Title);
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                await writer.WriteLineAsync(Line(source, source.Snapshot()));
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private string Line(FleetSource source, FleetSnapshot now)
    {
        var replay = source.Replay?.Invoke();
        var progress = replay is null ? string.Empty : $"{Figures.Count(replay.Delivered)} of {Figures.Count(replay.Readings)} readings  ";
        var duration = source.Duration is { } span ? $" of {Figures.Time(span)}" : string.Empty;
        var faults = now.Faults.Count == 0 ? string.Empty : $"  {Figures.Count(now.Faults.Values.Sum())} faults";
        var ledger = source.Ledger?.Invoke() is var (reports, acknowledged) ? $"  ledger {Figures.Count(acknowledged)}/{Figures.Count(reports)}" : string.Empty;
        return $"{Figures.Time(source.Duration is null ? now.Elapsed : now.VirtualElapsed)}{duration}  {progress}"
            + $"{Figures.Count(now.Connected)}/{Figures.Count(now.Devices)} connected  "
            + $"{Figures.PerSecond(_published.Add(now.Elapsed, now.Published))} published  "
            + $"{Figures.PerSecond(_acknowledged.Add(now.Elapsed, now.Acknowledged))} acknowledged  "
            + $"p50 {Figures.Milliseconds(now.RecentLatency.P50)}  p99 {Figures.Milliseconds(now.RecentLatency.P99)}  "
            + $"{Figures.Count(now.Errors)} errors{faults}{ledger}";
    }
}
