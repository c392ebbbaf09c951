using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Twins.Tests.Harness;

/// <summary>
/// The silo as a next release, in a temporary folder: what was built, with the version of every grain interface raised by one
/// in the assemblies, as the compiler does where <c>GrainVersion.Current</c> is raised. It costs no build.
/// </summary>
public sealed class NextVersion : IDisposable
{
    private const string Attribute = "VersionAttribute";

    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes it.</summary>
    public NextVersion()
    {
        var built = Path.GetDirectoryName(Repository.Program("silo", "Twins.Silo.dll"))!;
        foreach (var file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            var copy = _folder.In(Path.GetRelativePath(built, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Raise(_folder.In("Twins.Contracts.dll"));
        Raise(_folder.In("Twins.Silo.dll"));
    }

    /// <summary>The silo.</summary>
    public string Silo => _folder.In("Twins.Silo.dll");

    public void Dispose() => _folder.Dispose();

    private static void Raise(string path)
    {
        var image = File.ReadAllBytes(path);
        using var reader = new PEReader(ImmutableArray.Create(image));
        var metadata = reader.GetMetadataReader();
        var blobs = reader.PEHeaders.MetadataStartOffset + metadata.GetHeapMetadataOffset(HeapIndex.Blob);

        // Attributes that say the same share what they say.
        var values = metadata.CustomAttributes
            .Select(metadata.GetCustomAttribute)
            .Where(attribute => IsVersion(metadata, attribute.Constructor))
            .Select(attribute => attribute.Value)
            .ToHashSet();
        Assert.NotEmpty(values);
        foreach (var value in values)
        {
            // ECMA-335, II.23.3: 01 00, the one argument in two bytes, and that there are no named ones; one byte of length before.
            Assert.Equal(6, metadata.GetBlobReader(value).Length);
            var argument = image.AsSpan(blobs + metadata.GetHeapOffset(value) + 1 + 2, sizeof(ushort));
            BinaryPrimitives.WriteUInt16LittleEndian(argument, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(argument) + 1));
        }

        File.WriteAllBytes(path, image);
    }

    private static bool IsVersion(MetadataReader metadata, EntityHandle constructor) =>
        constructor.Kind == HandleKind.MemberReference
        && metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } type
        && metadata.GetTypeReference((TypeReferenceHandle)type) is var named
        && metadata.StringComparer.Equals(named.Name, Attribute)
        && metadata.StringComparer.Equals(named.Namespace, "Orleans.CodeGeneration");
}
