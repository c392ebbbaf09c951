using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Twins.Contracts;

namespace Twins.Silo.Health;

/// <summary>
/// Whether this process may be sent anything: not before all of it has started, not from the first moment of its end,
/// and in between where all checks tagged <see cref="Tag"/> hold. Safe for any thread.
/// </summary>
/// <param name="lifetime">Where the process is in its life.</param>
/// <param name="checks">The checks.</param>
/// <param name="links">The broker links, which are shown only.</param>
/// <param name="logger">The log.</param>
public sealed partial class Readiness(IHostApplicationLifetime lifetime, HealthCheckService checks, LinkStates links, ILogger<Readiness> logger)
{
    /// <summary>Checks with this tag decide.</summary>
    public const string Tag = "ready";

    /// <summary>Checks with this tag ask nobody. If one of them fails, the answer does not wait for the others.</summary>
    public const string KnownTag = "known";

    private static readonly Dictionary<string, string> s_nothing = new(StringComparer.Ordinal);

    /// <summary>What was wrong at the last look; empty if nothing was.</summary>
    private string _lastFailure = "";

    /// <summary>The process has started, links and all.</summary>
    public bool HasStarted => lifetime.ApplicationStarted.IsCancellationRequested;

    /// <summary>The process was told to end. It goes on to serve until it has drained.</summary>
    public bool IsDraining => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Looks.</summary>
    /// <param name="cancellationToken">Whoever asked has gone.</param>
    public async Task<ReadinessReport> Look(CancellationToken cancellationToken)
    {
        // These two come first and ask nobody: what is known need not be found out, and is no error for the log.
        if (IsDraining)
        {
            return NotReady("draining", "draining: this process is being stopped; send requests elsewhere", s_nothing);
        }

        if (!HasStarted)
        {
            return NotReady("starting", "starting: this process has not joined the platform yet", s_nothing);
        }

        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var failed = await CheckAsync(isKnown: true) is { Length: > 0 } known ? known : await CheckAsync(isKnown: false);
        var failure = string.Join("; ", failed.Select(entry => $"{entry.Key}: {found[entry.Key]}"));
        if (Interlocked.Exchange(ref _lastFailure, failure) != failure)
        {
            Log(failure, failed.Select(entry => entry.Value.Exception).FirstOrDefault(exception => exception is not null));
        }

        return failure.Length == 0 ? new ReadinessReport(null, found) { Links = links.Read() } : NotReady("not-ready", "not ready: " + failure, found);

        async Task<KeyValuePair<string, HealthReportEntry>[]> CheckAsync(bool isKnown)
        {
            var report = await checks.CheckHealthAsync(check => check.Tags.Contains(Tag) && check.Tags.Contains(KnownTag) == isKnown, cancellationToken);
            foreach (var (name, entry) in report.Entries)
            {
                found[name] = entry.Description ?? entry.Status.ToString();
            }

            return [.. report.Entries.Where(entry => entry.Value.Status == HealthStatus.Unhealthy)];
        }
    }

    /// <summary>Logs a change once, however often the endpoint is asked.</summary>
    private void Log(string failure, Exception? exception)
    {
        if (failure.Length == 0)
        {
            ReadyAgain();
        }
        else
        {
            NotReadyNow(exception, failure);
        }
    }

    private static ReadinessReport NotReady(string code, string detail, IReadOnlyDictionary<string, string> found) =>
        new(new Problem(StatusCodes.Status503ServiceUnavailable, code, detail), found);

    [LoggerMessage(LogEvents.NotReady, LogLevel.Warning, "Failed the readiness check: {Failure}")]
    private partial void NotReadyNow(Exception? exception, string failure);

    [LoggerMessage(LogEvents.ReadyAgain, LogLevel.Information, "Passed the readiness check again.")]
    private partial void ReadyAgain();
}
