namespace Twins.Contracts.Json;

/// <summary>How large a JSON text may be.</summary>
/// <param name="MaxBytes">The size of the text as it was sent, in bytes.</param>
/// <param name="MaxDepth">Objects and arrays within one another; a scalar has depth 0, <c>{}</c> has depth 1.</param>
/// <param name="MaxNameBytes">The size of a property's name, unescaped, in bytes of UTF-8.</param>
public sealed record JsonLimits(int MaxBytes, int MaxDepth, int MaxNameBytes)
{
    /// <summary>Of reported, desired and command payloads: 64 KiB, depth 32, names of 128 bytes.</summary>
    public static JsonLimits Default { get; } = new(64 * 1024, 32, 128);

    /// <summary>The most that the limits can be set to: 1 MiB, depth 64, names of 1024 bytes.</summary>
    public static JsonLimits Max { get; } = new(1024 * 1024, 64, 1024);

    /// <summary>Of tags: 16 KiB, depth 32, names of 128 bytes.</summary>
    public static JsonLimits Tags { get; } = new(16 * 1024, 32, 128);
}
