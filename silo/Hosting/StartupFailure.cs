namespace Twins.Silo.Hosting;

/// <summary>Holds why a process that has begun to start has to stop again.</summary>
internal sealed class StartupFailure
{
    /// <summary>Gets or sets the reason; null while there is none.</summary>
    public StartupRefusedException? Exception { get; set; }
}
