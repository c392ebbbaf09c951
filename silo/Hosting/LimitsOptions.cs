using Twins.Contracts.Json;

namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Limits</c>: how large a twin's document may be, and how much may wait.</summary>
public sealed class LimitsOptions
{
    /// <summary>Size of reported, in bytes of compact JSON.</summary>
    /// <value>1 KiB to 1 MiB; default 64 KiB.</value>
    public int ReportedBytes { get; set; } = 64 * 1024;

    /// <summary>Size of desired, in bytes of compact JSON.</summary>
    /// <value>1 KiB to 1 MiB; default 64 KiB.</value>
    public int DesiredBytes { get; set; } = 64 * 1024;

    /// <summary>Size of tags, in bytes of compact JSON.</summary>
    /// <value>1 KiB to 1 MiB; default 16 KiB.</value>
    public int TagsBytes { get; set; } = 16 * 1024;

    /// <summary>Size of a command, and of its answer, in bytes of compact JSON.</summary>
    /// <value>1 KiB to 256 KiB; default 64 KiB.</value>
    public int CommandBytes { get; set; } = 64 * 1024;

    /// <summary>How deep objects and arrays may nest.</summary>
    /// <value>1 to 64; default 32.</value>
    public int Depth { get; set; } = 32;

    /// <summary>Length of a property's name, in bytes of UTF-8.</summary>
    /// <value>1 to 1,024; default 128.</value>
    public int NameBytes { get; set; } = 128;

    /// <summary>
    /// Gets or sets how many MiB of messages and REST writes may wait between sockets and the store, in this process: their payloads,
    /// and 4 KiB for each. When it is used up, the gateway and broker links do not read, and REST writes are answered 429.
    /// </summary>
    /// <value>1 to 65,536; default: a quarter of the memory that the process may use, at least 64 and at most 1,024.</value>
    public int? QueueMiB { get; set; }

    internal JsonLimits Json(int bytes) => new(bytes, Depth, NameBytes);
}
