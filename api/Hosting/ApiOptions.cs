using System.ComponentModel.DataAnnotations;

namespace Twins.Api.Hosting;

/// <summary><c>Twins:Api</c>: how the API runs.</summary>
internal sealed class ApiOptions
{
    /// <summary>The configuration section these options are bound from.</summary>
    public const string Section = "Twins:Api";

    /// <summary>Where the grains are.</summary>
    /// <value>Default: <see cref="SiloMode.Embedded"/>.</value>
    public SiloMode Silo { get; set; } = SiloMode.Embedded;

    /// <summary>How many events a reader of live events may be behind and still resume.</summary>
    /// <value>100 to 1,000,000; default 10,000.</value>
    [Range(100, 1_000_000)]
    public int EventBuffer { get; set; } = 10_000;
}
