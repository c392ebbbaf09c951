using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Twins.Tests.Harness;

/// <summary>
/// Makes the silo of another release in a temporary folder: the built assemblies with other numbers in the attributes that state the version
/// of grain interfaces and the stored format. It costs no build, and the product needs nothing for it.
/// </summary>
public sealed class OtherRelease : IDisposable
{
    /// <summary>ECMA-335, II.23.3: a custom attribute's value begins with 01 00 and ends with the number of named arguments.</summary>
    private const int Prolog = 2, NamedCount = 2;

    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes it.</summary>
    /// <param name="version">Added to the version of every grain interface.</param>
    /// <param name="reads">Added to the newest stored format that is read.</param>
    /// <param name="writes">Added to the stored format that is written.</param>
    public OtherRelease(int version, int reads, int writes)
    {
        var built = Path.GetDirectoryName(Repository.Program("silo", "Twins.Silo.dll"))!;
        foreach (var file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            var copy = _folder.In(Path.GetRelativePath(built, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Add("Twins.Contracts.dll", "Orleans.CodeGeneration", "VersionAttribute", sizeof(ushort), version);
        Add("Twins.Silo.dll", "Orleans.CodeGeneration", "VersionAttribute", sizeof(ushort), version);
        Add("Twins.Silo.dll", "Twins.Silo.Storage", "StoredFormatAttribute", sizeof(int), writes, reads);
    }

    /// <summary>Gets the silo.</summary>
    public string Silo => _folder.In("Twins.Silo.dll");

    /// <summary>Makes the release after this one: it reads the next stored format, and does not write it.</summary>
    public static OtherRelease ThatReadsTheNextFormat() => new(version: 1, reads: 1, writes: 0);

    /// <summary>Makes the release after <see cref="ThatReadsTheNextFormat"/>: it writes the next stored format.</summary>
    public static OtherRelease ThatWritesTheNextFormat() => new(version: 2, reads: 1, writes: 1);

    /// <summary>Makes the release before this one.</summary>
    public static OtherRelease Former() => new(version: -1, reads: -1, writes: -1);

    public void Dispose() => _folder.Dispose();

    /// <summary>Adds to the arguments of all attributes of a type.</summary>
    private void Add(string assembly, string attributeNamespace, string attributeName, int size, params int[] summands)
    {
        var path = _folder.In(assembly);
        var image = File.ReadAllBytes(path);
        using var reader = new PEReader(ImmutableArray.Create(image));
        var metadata = reader.GetMetadataReader();
        var blobs = reader.PEHeaders.MetadataStartOffset + metadata.GetHeapMetadataOffset(HeapIndex.Blob);

        // Attributes that say the same share what they say.
        var values = metadata.CustomAttributes
            .Select(metadata.GetCustomAttribute)
            .Where(attribute => Is(metadata, attribute.Constructor, attributeNamespace, attributeName))
            .Select(attribute => attribute.Value)
            .ToHashSet();
        Assert.NotEmpty(values);
        foreach (var value in values)
        {
            // One byte of length before.
            Assert.Equal(Prolog + (size * summands.Length) + NamedCount, metadata.GetBlobReader(value).Length);
            var arguments = image.AsSpan(blobs + metadata.GetHeapOffset(value) + 1 + Prolog, size * summands.Length);
            for (var i = 0; i < summands.Length; i++)
            {
                // Little endian: the lower half of a small number is all of it.
                var argument = arguments[(i * size)..];
                BinaryPrimitives.WriteUInt16LittleEndian(argument, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(argument) + summands[i]));
            }
        }

        File.WriteAllBytes(path, image);
    }

    private static bool Is(MetadataReader metadata, EntityHandle constructor, string typeNamespace, string typeName)
    {
        var type = constructor.Kind == HandleKind.MemberReference
            ? metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent
            : metadata.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType();
        var (inNamespace, named) = type.Kind switch
        {
            HandleKind.TypeReference => Names(metadata.GetTypeReference((TypeReferenceHandle)type)),
            HandleKind.TypeDefinition => Names(metadata.GetTypeDefinition((TypeDefinitionHandle)type)),
            _ => default,
        };
        return !named.IsNil && metadata.StringComparer.Equals(named, typeName) && metadata.StringComparer.Equals(inNamespace, typeNamespace);
    }

    private static (StringHandle Namespace, StringHandle Name) Names(TypeReference type) => (type.Namespace, type.Name);

    private static (StringHandle Namespace, StringHandle Name) Names(TypeDefinition type) => (type.Namespace, type.Name);
}
