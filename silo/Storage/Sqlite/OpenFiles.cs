namespace Twins.Silo.Storage.Sqlite;

/// <summary>Tells whether the process can open files.</summary>
internal static class OpenFiles
{
    /// <summary>Returns whether no further file can be opened.</summary>
    public static bool AreExhausted()
    {
        try
        {
            using var probe = File.OpenHandle(OperatingSystem.IsWindows() ? "NUL" : "/dev/null");
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
