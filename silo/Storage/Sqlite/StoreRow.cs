namespace Twins.Silo.Storage.Sqlite;

/// <summary>A row of one of the tables, on its way into another database.</summary>
internal abstract record StoreRow
{
    /// <summary>A row of twins.</summary>
    public sealed record Twin(string Id, string ETag, long Revision, bool Exists, ReadOnlyMemory<byte> Data) : StoreRow;

    /// <summary>A row of sessions.</summary>
    public sealed record Session(string Id, string ETag, long Expires, ReadOnlyMemory<byte> Data) : StoreRow;

    /// <summary>A row of dead letters.</summary>
    public sealed record DeadLetter(string Id, string TwinId, ReadOnlyMemory<byte> Data) : StoreRow;

    /// <summary>A member of a set.</summary>
    public sealed record Member(string Set, string Name) : StoreRow;

    /// <summary>A counter.</summary>
    public sealed record Counter(string Name, long Value) : StoreRow;
}
