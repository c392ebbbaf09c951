using System.Diagnostics;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>A change that waits for the writer.</summary>
internal abstract class SqliteOperation
{
    /// <summary>Gets the span that it belongs to.</summary>
    public virtual ActivityContext? Trace => null;

    /// <summary>Gets whether it is done although the volume is full: it removes something.</summary>
    public virtual bool IsAllowedWhenFull => false;

    /// <summary>Gets whether it found another state than its caller knew, once it was applied.</summary>
    public virtual bool IsConflict => false;

    /// <summary>Gets about how many bytes it writes.</summary>
    public virtual int Bytes => 0;

    /// <summary>Does it, within a transaction.</summary>
    public abstract void Apply(SqliteRows rows);

    /// <summary>Tells the caller that it is durable.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that it was not done.</summary>
    public abstract void Fail(Exception exception);
}
