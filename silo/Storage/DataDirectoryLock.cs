using System.Globalization;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage;

/// <summary>Keeps a second process out of a data folder for as long as this one runs.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the folder, making it where it is missing.</summary>
    /// <exception cref="StartupRefusedException">It is in use, or can not be written.</exception>
    public static DataDirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, "lock");
        try
        {
            Directory.CreateDirectory(directory);
            // Exclusive sharing is an advisory lock of the operating system: it goes with the process, however that ends.
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return new DataDirectoryLock(file);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StartupRefusedException($"the data folder {directory} can not be written; give this user the right, or set Twins:Store:DataDirectory to another folder.", exception);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            throw new StartupRefusedException(
                File.Exists(path)
                    ? $"the data folder {directory} is in use by another Twins; stop that one, or set Twins:Store:DataDirectory to another folder."
                    : $"the data folder {directory} can not be used ({exception.Message}); set Twins:Store:DataDirectory to another folder.",
                exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
