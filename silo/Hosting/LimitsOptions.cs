using Twins.Contracts.Json;

namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Limits</c>: how large a twin's document may be.</summary>
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

    internal JsonLimits Json(int bytes) => new(bytes, Depth, NameBytes);
}
