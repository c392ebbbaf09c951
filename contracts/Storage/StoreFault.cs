namespace Twins.Contracts.Storage;

/// <summary>Names why the store does not do what it was asked.</summary>
public enum StoreFault
{
    /// <summary>The store failed for any other reason, for example an I/O error.</summary>
    Failed,

    /// <summary>The volume, or the memory of Redis, is full, or below the reserve of <c>Twins:Store:FreeMiB</c>.</summary>
    Full,

    /// <summary>The store can be read and not written: a read-only file system or a Redis replica.</summary>
    ReadOnly,

    /// <summary>The store does not answer.</summary>
    Unreachable,

    /// <summary>The store refuses the password, or the user lacks a permission.</summary>
    Denied,

    /// <summary>The process has no file descriptors left.</summary>
    OutOfDescriptors,

    /// <summary>The process or Redis has no memory left.</summary>
    OutOfMemory,

    /// <summary>The store is damaged as a whole.</summary>
    Damaged,

    /// <summary>The stored rows are still being verified; until then a missing row does not mean that there is none.</summary>
    Verifying,

    /// <summary>Redis does not make durable what it acknowledges.</summary>
    NotDurable,

    /// <summary>One twin's row is damaged; the rest of the store is not.</summary>
    TwinDamaged,
}
