namespace Twins.Silo.Hosting;

/// <summary>Where one may connect without credentials.</summary>
public enum AnonymousAccess
{
    /// <summary>From this machine only; start-up refuses listeners beyond it that have no credentials.</summary>
    Loopback = 0,

    /// <summary>From everywhere. Said in the log at every start.</summary>
    Everywhere = 1,
}
