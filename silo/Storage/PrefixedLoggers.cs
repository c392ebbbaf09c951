namespace Twins.Silo.Storage;

/// <summary>Puts the log of a library whose categories have no common name under one, so that settings can reach it.</summary>
internal sealed class PrefixedLoggers(ILoggerFactory loggers, string prefix) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => loggers.CreateLogger($"{prefix}.{categoryName}");

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    /// <summary>The real factory belongs to the host.</summary>
    public void Dispose()
    {
    }
}
