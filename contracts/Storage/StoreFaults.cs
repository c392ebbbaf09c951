namespace Twins.Contracts.Storage;

/// <summary>Spells faults of the store for health, problem details and logs.</summary>
public static class StoreFaults
{
    /// <summary>Returns the stable, kebab-case code of a fault, for example <c>store-full</c>.</summary>
    public static string Code(this StoreFault fault) => fault switch
    {
        StoreFault.Failed => "store-failed",
        StoreFault.Full => "store-full",
        StoreFault.ReadOnly => "store-read-only",
        StoreFault.Unreachable => "store-unreachable",
        StoreFault.Denied => "store-denied",
        StoreFault.OutOfDescriptors => "store-out-of-descriptors",
        StoreFault.OutOfMemory => "store-out-of-memory",
        StoreFault.Damaged => "store-damaged",
        StoreFault.Verifying => "store-verifying",
        StoreFault.NotDurable => "store-not-durable",
        StoreFault.TwinDamaged => "twin-damaged",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, message: null),
    };

    /// <summary>Returns the fault that an exception, or one of its causes, names; null if none does.</summary>
    public static StoreFault? FaultOf(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is StoreException store)
            {
                return store.Fault;
            }

            if (exception is Twins.TwinUnavailableException { Fault: { } fault })
            {
                return fault;
            }
        }

        return null;
    }
}
