using Spectre.Console;
using Twins.Simulators.Fleet;
using Twins.Simulators.Ledgers;
using Twins.Simulators.Reporting;
using Twins.Simulators.Views;

namespace Twins.Simulators.CommandLine;

/// <summary>Runs a fleet, shows it, and leaves behind what was asked for: summary, ledger, report.</summary>
internal static class FleetRunner
{
    /// <exception cref="LedgerException">The ledger can not be written.</exception>
    /// <exception cref="ReportException">The report can not be written.</exception>
    public static async Task<int> RunAsync(FleetJob job, FleetOutcome outcome, Surface surface, CancellationToken cancellationToken)
    {
        var options = job.Options;
        var live = surface.Terminal is not null && !outcome.Json && !outcome.Quiet;
        if (!live)
        {
            // A live view shows them itself.
            options = options with { OnTrouble = sentence => surface.Error.WriteLine(sentence) };
        }

        // Both before anything connects: what can not be written is not worth a run.
        await using var page = outcome.Report is null ? null : ReportFile.Create(outcome.Report);
        var started = options.Time.GetUtcNow();
        await using var ledger = outcome.Ledger is null
            ? null
            : LedgerFile.Create(outcome.Ledger, new LedgerHeader(options.Broker.ToString(), job.Seed, job.Plan, started), options.Time);
        await using var fleet = job.Make(options with { Ledger = ledger });
        var series = page is null ? null : new RunSeries();
        var end = await WatchAsync(job, outcome, surface, live, fleet, ledger, series, cancellationToken);

        LedgerSummary? noted = null;
        if (ledger is not null)
        {
            await ledger.DisposeAsync();
            if (ledger.Failure is { } failure)
            {
                throw failure;
            }

            noted = new LedgerSummary(outcome.Ledger!, ledger.Entries, ledger.AcknowledgedEntries, LedgerDigest.Of(LedgerReader.Open(outcome.Ledger!)));
        }

        var summary = RunSummary.Of(options, end, job.Seed, job.Replay?.Invoke(fleet), noted);
        if (outcome.Json)
        {
            SummaryWriter.WriteJson(summary, surface.Out);
        }
        else
        {
            SummaryWriter.WriteTable(summary, surface.ForTables());
        }

        if (page is not null)
        {
            await page.WriteAsync(new RunReport(job.Title, job.Plan, started, summary, series!, fleet.LatencyDistribution(), job.Kinds, job.Repeat, options));
            if (!outcome.Json)
            {
                surface.ForTables().WriteLine($"Report in {outcome.Report}.");
            }
        }

        return summary.Succeeded ? ExitCodes.Fine : ExitCodes.Failed;
    }

    private static async Task<FleetSnapshot> WatchAsync(
        FleetJob job, FleetOutcome outcome, Surface surface, bool live, IFleet fleet, LedgerFile? ledger, RunSeries? series,
        CancellationToken cancellationToken)
    {
        var time = job.Options.Time;
        IFleetView? view = outcome.Quiet ? null
            : live ? new LiveView(surface.Terminal!, time)
            : new PlainView(outcome.Json ? surface.Error : surface.Out, time);
        var source = new FleetSource(job.Title, fleet.Snapshot)
        {
            Replay = job.Replay is { } replay ? () => replay(fleet) : null,
            Duration = outcome.Duration ?? job.Duration,
            Ledger = ledger is null ? null : () => (ledger.Entries, ledger.AcknowledgedEntries),
        };

        using var ended = new CancellationTokenSource();
        var watching = Task.WhenAll(
            view?.ShowAsync(source, ended.Token) ?? Task.CompletedTask,
            series?.SampleAsync(fleet.Snapshot, time, ended.Token) ?? Task.CompletedTask);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ledger?.Broken ?? CancellationToken.None);
        try
        {
            var end = await fleet.RunAsync(outcome.Duration, either.Token);
            series?.Add(end);
            return end;
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }
    }
}
