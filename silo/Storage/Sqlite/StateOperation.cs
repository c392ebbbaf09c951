using System.Diagnostics;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>Writes a state.</summary>
internal sealed class StateOperation(StateWrite write, TimeProvider time) : SqliteOperation
{
    private bool? _stored;

    public override ActivityContext? Trace => write.Trace;

    public override bool IsAllowedWhenFull => !write.Exists;

    public override int Bytes => write.Data.Length;

    public override bool IsConflict => _stored == false;

    public override void Apply(SqliteRows rows)
    {
        if (write.Key.Kind == StateKind.Twin)
        {
            _stored = rows.PutTwin(write);
            return;
        }

        var now = time.GetUtcNow();
        var expires = write.Expiry is { } expiry ? (now + expiry).ToUnixTimeMilliseconds() : long.MaxValue;
        _stored = rows.PutSession(write, expires, now.ToUnixTimeMilliseconds());
    }

    public override void Complete()
    {
        if (_stored == true)
        {
            write.SetStored();
        }
        else
        {
            write.SetConflict();
        }
    }

    public override void Fail(Exception exception) => write.SetFailed(exception);
}
