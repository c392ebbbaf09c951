using System.Globalization;
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
        var progress = source.Total == 0
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $"{Figures.Count(source.Delivered())} of {Figures.Count(source.Total)} readings  ");
        return $"{Figures.Time(now.Elapsed)}  {progress}"
            + $"{Figures.Count(now.Connected)}/{Figures.Count(now.Devices)} connected  "
            + $"{Figures.PerSecond(_published.Add(now.Elapsed, now.Published))} published  "
            + $"{Figures.PerSecond(_acknowledged.Add(now.Elapsed, now.Acknowledged))} acknowledged  "
            + $"p50 {Figures.Milliseconds(now.RecentLatency.P50)}  p99 {Figures.Milliseconds(now.RecentLatency.P99)}  "
            + $"{Figures.Count(now.Errors)} errors";
    }
}
