namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Security</c>: who may connect.</summary>
public sealed class SecurityOptions
{
    /// <summary>Where one may connect without credentials.</summary>
    /// <value>Default: <see cref="AnonymousAccess.Loopback"/>.</value>
    public AnonymousAccess Anonymous { get; set; } = AnonymousAccess.Loopback;
}
