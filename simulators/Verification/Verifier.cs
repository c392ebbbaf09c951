using Twins.Simulators.Ledgers;

namespace Twins.Simulators.Verification;

/// <summary>
/// Compares what devices were acknowledged for with what the platform has. It takes for granted that nobody but the fleet of
/// the ledger writes <c>reported</c> of its twins, be it over HTTP or by an earlier run with later stamps; that a twin made
/// after the ledger was begun has nothing from before; and, where reports have no stamps, that they arrive in the order of
/// sending.
/// </summary>
internal sealed class Verifier(VerifyOptions options, HttpClient http, IProgress<VerifyProgress>? progress = null)
{
    private const int AtATime = 16;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly TwinsApi _api = new(http, options.Time);

    /// <summary>Reads the ledger, asks the platform, and remembers what it saw beside the ledger.</summary>
    /// <exception cref="LedgerException">The ledger is not there or damaged.</exception>
    /// <exception cref="ApiException">The platform can not be asked.</exception>
    public async Task<VerifyReport> RunAsync(CancellationToken cancellationToken)
    {
        var ledger = LedgerReader.Open(options.Ledger);
        var seen = SeenFile.Read(options.Ledger);
        var fleet = ExpectedFleet.Read(ledger, options.TrustedLines, Reading("reading the ledger", ledger, 2));
        var verdicts = new Dictionary<string, TwinVerdict>(StringComparer.Ordinal);
        long properties = await LookAsync(fleet, fleet.Twins, seen, verdicts, "asking the platform", cancellationToken);

        var since = options.Time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var again = fleet.Twins.Where(twin => verdicts[twin.Id].Findings.Count > 0).ToList();
            var left = options.Wait - options.Time.GetElapsedTime(since);
            if (again.Count == 0 || left <= TimeSpan.Zero)
            {
                break;
            }

            await Task.Delay(pause < left ? pause : left, options.Time, cancellationToken);
            await LookAsync(fleet, again, seen, verdicts, $"asking again for {again.Count}", cancellationToken);
        }

        Remember(verdicts, seen);
        return Report(fleet, verdicts, properties);
    }

    private async Task<long> LookAsync(
        ExpectedFleet fleet, IReadOnlyList<ExpectedTwin> twins, Dictionary<string, SeenTwin> seen,
        Dictionary<string, TwinVerdict> verdicts, string doing, CancellationToken cancellationToken)
    {
        var comparisons = new TwinComparison[twins.Count];
        var done = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, twins.Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                var found = await _api.ReadAsync(twins[index].Id, token);
                comparisons[index] = new TwinComparison(twins[index], found, seen.GetValueOrDefault(twins[index].Id));
                progress?.Report(new VerifyProgress(doing, (double)Interlocked.Increment(ref done) / twins.Count));
            });
        Ask(fleet, comparisons);
        foreach (var comparison in comparisons)
        {
            var id = comparison.Expected.Id;
            verdicts[id] = new TwinVerdict(comparison, seen.GetValueOrDefault(id), fleet.Ledger.Header.Started);
        }

        return comparisons.Sum(static comparison => (long)comparison.Properties);
    }

    // Only now, and only for what is not as it should be, is every value of a device of interest.
    private void Ask(ExpectedFleet fleet, TwinComparison[] comparisons)
    {
        var open = comparisons.Where(static comparison => comparison.Questions.Count > 0)
            .ToDictionary(static comparison => comparison.Expected.Id, StringComparer.Ordinal);
        if (open.Count == 0)
        {
            return;
        }

        foreach (var entry in fleet.Ledger.Read(Reading("looking values up", fleet.Ledger, 1)))
        {
            if (entry.Kind == LedgerEntryKind.Sent && open.TryGetValue(entry.TwinId, out var comparison))
            {
                var place = comparison.Expected.PlaceOf(entry);
                foreach (var question in comparison.Questions)
                {
                    question.Consider(entry.Patch.Span, place);
                }
            }
        }
    }

    private void Remember(Dictionary<string, TwinVerdict> verdicts, Dictionary<string, SeenTwin> seen)
    {
        foreach (var (id, verdict) in verdicts)
        {
            if (verdict.Remember(seen.GetValueOrDefault(id)) is { } now)
            {
                seen[id] = now;
            }
        }

        SeenFile.Write(options.Ledger, seen);
    }

    private VerifyReport Report(ExpectedFleet fleet, Dictionary<string, TwinVerdict> verdicts, long properties)
    {
        var findings = fleet.Twins.SelectMany(twin => verdicts[twin.Id].Findings).ToList();
        int Count(Verdict verdict) => findings.Count(finding => finding.Verdict == verdict);
        return new VerifyReport
        {
            Ledger = options.Ledger,
            Complete = fleet.Acknowledgements.IsComplete,
            Header = fleet.Ledger.Header,
            Digest = fleet.Digest,
            Api = options.Api.ToString(),
            Twins = fleet.Twins.Count,
            Properties = properties,
            Reports = fleet.Acknowledgements.Reports,
            Acknowledged = fleet.Acknowledgements.Count,
            Unacknowledged = verdicts.Values.Sum(static verdict => (long)verdict.Unacknowledged),
            Older = verdicts.Values.Sum(static verdict => (long)verdict.Older),
            Lost = Count(Verdict.Lost),
            Stale = Count(Verdict.Stale),
            Backwards = Count(Verdict.Backwards),
            Wrong = Count(Verdict.Wrong),
            Findings = findings,
        };
    }

    private ReadingProgress? Reading(string doing, LedgerReader ledger, int times) => progress is null
        ? null
        : new ReadingProgress(progress, doing, ledger, times);

    private sealed class ReadingProgress(IProgress<VerifyProgress> progress, string doing, LedgerReader ledger, int times) : IProgress<long>
    {
        private long _before;
        private long _last;

        public void Report(long value)
        {
            _before += value < _last ? _last : 0;
            _last = value;
            progress.Report(new VerifyProgress(doing, ledger.Bytes == 0 ? 1 : Math.Min(1, (double)(_before + value) / ledger.Bytes / times)));
        }
    }
}
