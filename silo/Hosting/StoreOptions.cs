namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Store</c>: where twins are kept.</summary>
public sealed class StoreOptions
{
    /// <summary>
    /// A StackExchange.Redis connection string. Empty: the embedded store in <see cref="DataDirectory"/>, with which
    /// there is exactly one silo.
    /// </summary>
    /// <value>Default: empty.</value>
    public string Redis { get; set; } = "";

    /// <summary>
    /// The folder of the embedded store, relative to the working directory. One process at a time may use it.
    /// </summary>
    /// <value>Default: <c>data</c>.</value>
    public string DataDirectory { get; set; } = "data";

    /// <summary>
    /// How much memory, in MiB, the embedded store keeps records in before it spills the oldest to disk.
    /// </summary>
    /// <value>64 to 1,048,576; default 4,096.</value>
    public int MemoryMiB { get; set; } = 4096;
}
