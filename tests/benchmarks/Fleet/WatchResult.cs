namespace Twins.Benchmarks.Fleet;

/// <summary>What watchers have seen of what was sent since they were told to count.</summary>
/// <param name="Events">Of those with a filter, all together.</param>
/// <param name="Expected">How many that would be by their filters, going by what the one without a filter has seen.</param>
/// <param name="All">Of the one without a filter.</param>
/// <param name="Resets">How often one was told that events were missed.</param>
/// <param name="P50">Sent to arrived at a watcher with a filter, ms.</param>
/// <param name="P99">The same.</param>
/// <param name="Max">The same.</param>
/// <param name="AllP50">Sent to arrived at the one without a filter, ms.</param>
/// <param name="AllP99">The same.</param>
/// <param name="AllMax">The same.</param>
internal sealed record WatchResult(
    long Events, long Expected, long All, long Resets, double P50, double P99, double Max, double AllP50, double AllP99, double AllMax);
