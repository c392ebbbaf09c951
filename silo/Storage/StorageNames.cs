namespace Twins.Silo.Storage;

/// <summary>The names of Orleans' storage providers.</summary>
internal static class StorageNames
{
    /// <summary>Where twins are kept.</summary>
    public const string Twins = "twins";
}
