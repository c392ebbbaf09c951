using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Twins.Contracts.Fleet;
using Twins.Silo.Hosting;

namespace Twins.Api.Http;

/// <summary>
/// Limits how many queries to the fleet index run at a time, per caller and in all. Others wait in the order in which they came. A
/// caller has at most its own limit in the queue of the process, so that callers take turns there.
/// </summary>
internal sealed class QueryAdmission : IAsyncDisposable
{
    /// <summary>Queries of one caller that may wait.</summary>
    private const int QueuePerCaller = 64;

    /// <summary>Queries of all callers that may wait in the queue of the process.</summary>
    private const int QueueOfAll = 1024;

    /// <summary>How long a query may wait. Clients commonly give up after 10 s or more.</summary>
    private static readonly TimeSpan QueueTimeout = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly string _refusal;
    private readonly PartitionedRateLimiter<string> _perCaller;
    private readonly PartitionedRateLimiter<string> _all;
    private readonly PartitionedRateLimiter<string> _both;

    /// <summary>Creates the limiter.</summary>
    /// <param name="options"><see cref="ApiOptions.QueriesPerCaller"/> and <see cref="ApiOptions.Queries"/>.</param>
    /// <param name="time">The clock.</param>
    public QueryAdmission(IOptions<TwinsOptions> options, TimeProvider time)
    {
        var (perCaller, all) = (options.Value.Api.QueriesPerCaller, options.Value.Api.Queries ?? DefaultQueries);
        _time = time;
        _refusal = $"too many queries are running: one client may run {perCaller} at a time (Twins:Api:QueriesPerCaller), and all clients {all} (Twins:Api:Queries); send the next query when an earlier one is answered, or use filters with fewer conditions";
        _perCaller = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetConcurrencyLimiter(caller, _ => Limit(perCaller, QueuePerCaller)));
        _all = PartitionedRateLimiter.Create<string, string>(_ => RateLimitPartition.GetConcurrencyLimiter(string.Empty, _ => Limit(all, QueueOfAll)));
        _both = PartitionedRateLimiter.CreateChained(_perCaller, _all);
    }

    private static int DefaultQueries => Math.Max(8, 2 * Environment.ProcessorCount);

    /// <summary>Runs a query when the limits allow it.</summary>
    /// <exception cref="TooManyQueriesException">The queue is full, or the query has waited for 5 s.</exception>
    public async Task<T> Run<T>(string caller, Func<Task<T>> query, CancellationToken cancellationToken)
    {
        using var lease = await Acquire(caller, cancellationToken);
        return await query();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _both.DisposeAsync();
        await _perCaller.DisposeAsync();
        await _all.DisposeAsync();
    }

    private static ConcurrencyLimiterOptions Limit(int permits, int queue) =>
        new() { PermitLimit = permits, QueueLimit = queue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    private async Task<RateLimitLease> Acquire(string caller, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(QueueTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var lease = await _both.AcquireAsync(caller, permitCount: 1, either.Token);
            if (lease.IsAcquired)
            {
                return lease;
            }

            lease.Dispose();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The query has waited long enough.
        }

        throw new TooManyQueriesException(_refusal);
    }
}
