namespace Twins.Silo.Hosting;

/// <summary>
/// <c>Twins:Dashboard</c>: Orleans' own page, at <c>/dashboard</c> of the API, that shows silos, grains and calls. It is off
/// unless both <see cref="Username"/> and <see cref="Password"/> are set.
/// </summary>
public sealed class DashboardOptions
{
    /// <summary>The user name that HTTP Basic authentication asks for; no <c>:</c> in it.</summary>
    /// <value>Default: empty, no dashboard.</value>
    public string Username { get; set; } = "";

    /// <summary>The password that HTTP Basic authentication asks for.</summary>
    /// <value>Default: empty, no dashboard.</value>
    public string Password { get; set; } = "";

    /// <summary>
    /// Whether this silo collects what a dashboard in another process shows. A silo with credentials collects anyway. All silos
    /// of a cluster must agree.
    /// </summary>
    /// <value>Default: false.</value>
    public bool Collect { get; set; }

    // Methods, for a property would be a setting.

    /// <summary>Somebody may look: an API process with these settings serves the dashboard.</summary>
    public bool IsServed() => Username.Length > 0;

    /// <summary>A silo with these settings collects.</summary>
    public bool Collects() => Collect || IsServed();
}
