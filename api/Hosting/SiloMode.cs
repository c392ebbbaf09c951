namespace Twins.Api.Hosting;

/// <summary>Where an API process finds the grains.</summary>
internal enum SiloMode
{
    /// <summary>In its own process.</summary>
    Embedded = 0,

    /// <summary>In a cluster of silos that it is a client of, found through <c>Twins:Store:Redis</c>.</summary>
    Remote = 1,

    /// <summary>Whoever hosts the API registers an <see cref="IGrainFactory"/> itself: tests do.</summary>
    None = 2,
}
