namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Store</c>: where twins are kept.</summary>
public sealed class StoreOptions
{
    /// <summary>
    /// Gets or sets a StackExchange.Redis connection string. Empty: the embedded store in <see cref="DataDirectory"/>, with which
    /// there is exactly one silo.
    /// </summary>
    /// <value>Default: empty.</value>
    public string Redis { get; set; } = "";

    /// <summary>
    /// Gets or sets the folder of the embedded store, relative to the working directory. One process at a time may use it.
    /// </summary>
    /// <value>Default: <c>data</c>.</value>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Gets or sets how much memory, in MiB, the embedded store uses as its page cache.</summary>
    /// <value>1 to 65,536; default 64.</value>
    public int MemoryMiB { get; set; } = 64;

    /// <summary>
    /// Gets or sets the page size, in bytes, of a database that the embedded store creates; an existing one keeps its own. Smaller
    /// pages write less for each update, larger ones read large documents faster.
    /// </summary>
    /// <value>A power of two from 512 to 65,536; default 1,024.</value>
    public int PageBytes { get; set; } = 1024;

    /// <summary>
    /// Gets or sets the free space, in MiB, that the embedded store leaves on the volume of <see cref="DataDirectory"/>. Below it,
    /// writes are refused (<c>store-full</c>) and deletes are not. 0: it writes until the volume is full.
    /// </summary>
    /// <value>0 to 1,048,576; default: 5 % of the volume, at least 64 and at most 512.</value>
    public int? FreeMiB { get; set; }

    /// <summary>
    /// Gets or sets what happens if Redis does not make durable what it acknowledges (<c>appendonly</c>, <c>appendfsync always</c>,
    /// <c>maxmemory-policy noeviction</c>). It is checked after connecting and every minute.
    /// </summary>
    /// <value>Default: <c>Require</c>, or <c>Warn</c> if every address of <see cref="Redis"/> is on this machine.</value>
    public StoreDurability? Durability { get; set; }
}
