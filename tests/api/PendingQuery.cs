using Twins.Api.Http;

namespace Twins.Api.Tests;

/// <summary>A query that runs until the test ends it.</summary>
internal sealed class PendingQuery
{
    private readonly TaskCompletionSource _start = new();
    private readonly TaskCompletionSource<int> _end = new();

    public PendingQuery(QueryAdmission queries, string caller, CancellationToken cancellationToken) =>
        Answer = queries.Run(
            caller,
            () =>
            {
                _start.SetResult();
                return _end.Task;
            },
            cancellationToken);

    public bool HasStarted => _start.Task.IsCompleted;

    public Task<int> Answer { get; }

    public Task Started() => _start.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public void End() => _end.SetResult(0);
}
