namespace Twins.Silo.Hosting;

/// <summary>
/// The platform can not start as it is set up. The message is one sentence for a person: what is wrong, and which
/// setting to change. Hosts print it and exit with 1, without a stack trace.
/// </summary>
public sealed class StartupRefusedException : Exception
{
    /// <summary>Creates it.</summary>
    public StartupRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with what led to it.</summary>
    public StartupRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
