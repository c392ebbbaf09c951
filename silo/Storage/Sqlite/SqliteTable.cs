namespace Twins.Silo.Storage.Sqlite;

/// <summary>The tables whose rows are counted and checksummed; the number is part of every checksum.</summary>
internal enum SqliteTable
{
    Twins,
    Sessions,
    DeadLetters,
    Sets,
    Counters,
}
