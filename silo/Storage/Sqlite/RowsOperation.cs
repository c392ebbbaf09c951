namespace Twins.Silo.Storage.Sqlite;

/// <summary>Does anything else that changes rows.</summary>
internal sealed class RowsOperation<T>(Func<SqliteRows, T> apply, bool allowedWhenFull, int bytes) : SqliteOperation
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override bool IsAllowedWhenFull => allowedWhenFull;

    public override int Bytes => bytes;

    public override void Apply(SqliteRows rows) => _result = apply(rows);

    public override void Complete() => _done.TrySetResult(_result!);

    public override void Fail(Exception exception) => _done.TrySetException(exception);
}
