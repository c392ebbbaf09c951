namespace Twins.Silo.Storage;

/// <summary>
/// States the stored format in the metadata of the assembly, as <see cref="Orleans.CodeGeneration.VersionAttribute"/> states the version of
/// grain interfaces: both can be read without loading it.
/// </summary>
/// <param name="written">The format that is written.</param>
/// <param name="readable">The newest format that is read, at least <paramref name="written"/>.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class StoredFormatAttribute(int written, int readable) : Attribute
{
    /// <summary>Gets the format that is written.</summary>
    public int Written { get; } = written;

    /// <summary>Gets the newest format that is read.</summary>
    public int Readable { get; } = readable;
}
