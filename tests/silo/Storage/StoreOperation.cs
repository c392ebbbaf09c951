using CsCheck;

namespace Twins.Silo.Tests.Storage;

internal enum StoreOperationKind
{
    WriteTwin,
    MarkDeleted,
    WriteSession,
    DeleteTwin,
    DeleteSession,
    AddDeadLetter,
    AddToSet,
    RemoveFromSet,
    Increment,
    Reopen,
}

/// <summary>One step of a random sequence.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Name">To which twin, session, set member or counter: few, so that they meet.</param>
/// <param name="KnowsETag">Whether the caller knows the stored ETag.</param>
/// <param name="Size">The size of the data.</param>
internal readonly record struct StoreOperation(StoreOperationKind Kind, int Name, bool KnowsETag, int Size)
{
    /// <summary>Sequences of operations.</summary>
    public static Gen<StoreOperation[]> Sequences { get; } = Gen.Select(
            Gen.Frequency(
                (40, Gen.Const(StoreOperationKind.WriteTwin)),
                (8, Gen.Const(StoreOperationKind.MarkDeleted)),
                (15, Gen.Const(StoreOperationKind.WriteSession)),
                (4, Gen.Const(StoreOperationKind.DeleteTwin)),
                (6, Gen.Const(StoreOperationKind.DeleteSession)),
                (20, Gen.Const(StoreOperationKind.AddDeadLetter)),
                (6, Gen.Const(StoreOperationKind.AddToSet)),
                (4, Gen.Const(StoreOperationKind.RemoveFromSet)),
                (6, Gen.Const(StoreOperationKind.Increment)),
                (3, Gen.Const(StoreOperationKind.Reopen))),
            Gen.Int[0, 4],
            Gen.Frequency((4, Gen.Const(true)), (1, Gen.Const(false))),
            Gen.Frequency((9, Gen.Int[0, 900]), (1, Gen.Int[0, 70_000])))
        .Select(static (kind, name, knows, size) => new StoreOperation(kind, name, knows, size))
        .Array[1, 80];
}
