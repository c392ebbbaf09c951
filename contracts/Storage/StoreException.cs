namespace Twins.Contracts.Storage;

/// <summary>The store did not do what it was asked. Nothing was acknowledged.</summary>
[GenerateSerializer, Alias("twins.store-exception")]
public sealed class StoreException : Exception
{
    /// <summary>Creates it.</summary>
    public StoreException()
    {
    }

    /// <summary>Creates it with a message.</summary>
    public StoreException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a message and its cause.</summary>
    public StoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates it with the fault, a message and its cause.</summary>
    public StoreException(StoreFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>Gets the reason.</summary>
    [Id(0)]
    public StoreFault Fault { get; init; }
}
