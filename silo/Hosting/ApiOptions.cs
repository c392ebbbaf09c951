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

    /// <summary>
    /// How many queries to the fleet index one caller (an IPv4 address, or an IPv6 network of 64 bits) may run at a time. Others wait for
    /// up to 5 s.
    /// </summary>
    /// <value>1 to 1,000; default 4.</value>
    public int QueriesPerCaller { get; set; } = 4;

    /// <summary>How many queries to the fleet index all callers of this process may run at a time.</summary>
    /// <value>1 to 10,000; default twice the cores, at least 8.</value>
    public int? Queries { get; set; }

    /// <summary>How many twins one watch (<c>/twins/watch</c>) may follow; about 100 bytes of memory each.</summary>
    /// <value>1 to 100,000; default 10,000.</value>
    public int WatchMembers { get; set; } = 10_000;
}
