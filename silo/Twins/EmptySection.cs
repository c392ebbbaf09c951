namespace Twins.Silo.Twins;

/// <summary>The empty section: one array for all twins, never written to.</summary>
internal static class EmptySection
{
    public static readonly byte[] Bytes = "{}"u8.ToArray();
}
