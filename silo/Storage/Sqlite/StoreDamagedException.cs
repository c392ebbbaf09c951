namespace Twins.Silo.Storage.Sqlite;

/// <summary>The database does not hold what was written to it.</summary>
internal sealed class StoreDamagedException : Exception
{
    public StoreDamagedException()
    {
    }

    public StoreDamagedException(string message)
        : base(message)
    {
    }

    public StoreDamagedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
