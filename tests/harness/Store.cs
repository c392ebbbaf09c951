namespace Twins.Tests.Harness;

/// <summary>Where twins are kept.</summary>
public enum Store
{
    /// <summary>In the platform's own process.</summary>
    Embedded,

    /// <summary>In a real Redis.</summary>
    Redis,
}
