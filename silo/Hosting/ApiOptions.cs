namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Api</c>: how the REST API runs.</summary>
public sealed class ApiOptions
{
    /// <summary>Whether the API process holds a silo, or is a client of the cluster.</summary>
    /// <value>Default: <see cref="ApiSiloMode.Embedded"/>.</value>
    public ApiSiloMode Silo { get; set; } = ApiSiloMode.Embedded;

    /// <summary>
    /// Origins whose pages may read and change twins from a browser (CORS), like <c>https://ops.example</c>. Pages of the server itself
    /// always may.
    /// </summary>
    /// <value>Default: none.</value>
    public IList<string> CorsOrigins { get; } = [];

    /// <summary>How many events a reader of <c>/events</c> may be behind and still resume.</summary>
    /// <value>100 to 1,000,000; default 10,000.</value>
    public int EventBuffer { get; set; } = 10_000;

    /// <summary>How many twins one watch (<c>/twins/watch</c>) may follow; about 100 bytes of memory each.</summary>
    /// <value>1 to 100,000; default 10,000.</value>
    public int WatchMembers { get; set; } = 10_000;
}
