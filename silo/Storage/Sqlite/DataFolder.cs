using Twins.Silo.Hosting;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>The files of the embedded store, which only the user of the process may read.</summary>
internal sealed class DataFolder
{
    /// <summary>
    /// File systems of other machines, as Linux and macOS name them: their locks and syncs do not hold what SQLite needs
    /// (https://www.sqlite.org/useovernet.html).
    /// </summary>
    private static readonly HashSet<string> s_network = new(StringComparer.OrdinalIgnoreCase)
    {
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "afpfs", "webdav", "ceph", "lustre", "gfs", "gfs2", "ocfs2", "coda", "ncp", "9p", "v9fs", "sshfs",
    };

    private const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public DataFolder(string path)
    {
        Path = path;
        Database = In("twins.db");
        Commits = In("twins.commits");
    }

    /// <summary>Gets the folder.</summary>
    public string Path { get; }

    /// <summary>Gets the database.</summary>
    public string Database { get; }

    /// <summary>Gets the file of <see cref="CommitsFile"/>.</summary>
    public string Commits { get; }

    /// <summary>Gets the files of the store that there may be, the lock apart.</summary>
    public IEnumerable<string> Files => [Database, Database + "-wal", Database + "-shm", Commits];

    /// <summary>Returns the path of a file in the folder.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Creates the folder if it is missing.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, OwnFolder);
        File.SetUnixFileMode(path, OwnFolder);
    }

    /// <summary>Creates the files that are missing, so that SQLite finds them with the right permissions, and takes others' permissions away.</summary>
    public void Protect()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // SQLite gives its other files the permissions of the database.
        foreach (var file in Files.Concat([In("lock"), In("lock.pid")]).Where(File.Exists))
        {
            File.SetUnixFileMode(file, OwnFile);
        }
    }

    /// <summary>Creates an empty file that only its owner may read.</summary>
    public static void CreateFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnFile;
        }

        new FileStream(path, options).Dispose();
    }

    /// <summary>Checks that the folder can hold a database.</summary>
    /// <exception cref="StartupRefusedException">It is on another machine, or holds the data of the former store.</exception>
    public void Check()
    {
        var system = new DriveInfo(Path).DriveFormat;
        if (s_network.Contains(system) || (system.StartsWith("fuse.", StringComparison.Ordinal) && s_network.Contains(system[5..])))
        {
            throw new StartupRefusedException($"the data folder {Path} is on a network file system ({system}), where a database is not safe; set Twins:Store:DataDirectory to a folder of this machine, or Twins:Store:Redis.");
        }

        if (File.Exists(In("store-mark")) && !File.Exists(Database))
        {
            throw new StartupRefusedException($"the data folder {Path} holds the data of a version before 0.2, which this version does not read; set Twins:Store:DataDirectory to another folder.");
        }
    }
}
