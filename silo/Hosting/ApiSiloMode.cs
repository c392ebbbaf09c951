namespace Twins.Silo.Hosting;

/// <summary>Where an API process finds its silo.</summary>
public enum ApiSiloMode
{
    /// <summary>In its own process.</summary>
    Embedded = 0,

    /// <summary>In the cluster, through Redis membership; needs <c>Twins:Store:Redis</c>.</summary>
    Remote = 1,

    /// <summary>Nowhere: whoever hosts the API brings the grains along. Tests do.</summary>
    None = 2,
}
