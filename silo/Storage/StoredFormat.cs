using System.Reflection;
using System.Text.Json;

namespace Twins.Silo.Storage;

/// <summary>
/// Numbers the format of stored twins and gateway sessions. 1: release 0.1. 2: a twin states whether it exists. Read first, write later: a
/// release that reads a new format comes before the release that writes it (docs/decisions/0012-versions.md). Old formats are read for ever;
/// members that are not known are passed over, and are missing after the next write.
/// </summary>
[StoredFormat(written: 2, readable: 2)]
internal static class StoredFormat
{
    /// <summary>The format of release 0.1.</summary>
    public const int First = 1;

    /// <summary>The first format in which a twin states whether it exists.</summary>
    public const int StatesExistence = 2;

    private static readonly StoredFormatAttribute s_stated = typeof(StoredFormat).GetCustomAttribute<StoredFormatAttribute>()!;

    /// <summary>The format that is written.</summary>
    public static readonly int Written = s_stated.Written;

    /// <summary>The newest format that is read.</summary>
    public static readonly int Readable = s_stated.Readable;

    /// <summary>Returns the format of a stored state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="kind">What it is the state of, for the message.</param>
    /// <exception cref="FormatException">A newer release wrote it.</exception>
    public static int Of(JsonElement state, string kind)
    {
        var format = state.GetProperty("format"u8).GetInt32();
        return format <= Readable
            ? format
            : throw new FormatException($"the stored {kind} has format {format}; this version reads up to {Readable}. Upgrade every silo before writing the new format.");
    }
}
