using System.Globalization;
using Twins.Silo.Hosting;
using Twins.Silo.Storage.Sqlite;

namespace Twins.Silo.Storage;

/// <summary>Keeps other processes out of a data folder for as long as this one runs.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Locks the folder; creates it if it is missing.</summary>
    /// <exception cref="StartupRefusedException">It is in use, or cannot be written.</exception>
    public static DataDirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, "lock");
        try
        {
            DataFolder.Create(directory);

            // Exclusive sharing is an advisory lock of the operating system, which ends with the process. .NET cannot read a file that is
            // locked, so the process id has a file of its own.
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(OwnerPath(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DataDirectoryLock(file);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StartupRefusedException($"the data folder {directory} cannot be written; give this user the right, or set Twins:Store:DataDirectory to another folder.", exception);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            throw new StartupRefusedException(
                OpenFiles.AreExhausted() ? "the process has no file descriptors left; raise its limit (ulimit -n)."
                    : IsLocked(path) ? $"the data folder {directory} is in use by {Owner(path)}; stop it, or set Twins:Store:DataDirectory to another folder."
                    : $"the data folder {directory} cannot be used ({exception.Message}); set Twins:Store:DataDirectory to another folder.",
                exception);
        }
    }

    public void Dispose() => _file.Dispose();

    private static string OwnerPath(string path) => path + ".pid";

    private static string Owner(string path)
    {
        try
        {
            return $"process {File.ReadAllText(OwnerPath(path)).Trim()}";
        }
        catch (IOException)
        {
            return "another process";
        }
    }

    private static bool IsLocked(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
