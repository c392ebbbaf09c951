using Twins.Contracts;
using Twins.Contracts.Storage;

namespace Twins.Api.Problems;

/// <summary>What a store that fails, and a process with too much to store, answer.</summary>
internal static class StoreProblems
{
    /// <summary>The code of a twin whose row is damaged: no new attempt helps.</summary>
    public static readonly string TwinDamaged = StoreFault.TwinDamaged.Code();

    /// <summary>Returns the problem of a fault: 507 if the store is full, else 503.</summary>
    public static Problem Of(StoreFault fault) => fault switch
    {
        StoreFault.Full => new Problem(
            StatusCodes.Status507InsufficientStorage,
            fault.Code(),
            "the store has no free space, so that nothing was changed; free some, or delete twins, and try again"),
        StoreFault.TwinDamaged => new Problem(
            StatusCodes.Status503ServiceUnavailable,
            fault.Code(),
            "the stored row of this twin is damaged; delete the twin, or restore a backup"),
        _ => new Problem(
            StatusCodes.Status503ServiceUnavailable,
            fault.Code(),
            $"the store {Reason(fault)}, so that nothing is known to be done; try again"),
    };

    /// <summary>Returns the problem of a write that finds <c>Twins:Limits:QueueMiB</c> used up.</summary>
    public static Problem Overloaded() => new(
        StatusCodes.Status429TooManyRequests,
        "overloaded",
        "as many messages wait for the store as Twins:Limits:QueueMiB allows, so that nothing was changed; try again");

    private static string Reason(StoreFault fault) => fault switch
    {
        StoreFault.ReadOnly => "can be read and not written",
        StoreFault.Unreachable => "does not answer",
        StoreFault.Denied => "refuses the platform's credentials",
        StoreFault.OutOfDescriptors => "cannot open files: the process has no file descriptors left",
        StoreFault.OutOfMemory => "has no memory left",
        StoreFault.Damaged => "is damaged",
        StoreFault.Verifying => "is being verified after the start",
        StoreFault.NotDurable => "does not make durable what it acknowledges",
        _ => "failed",
    };
}
