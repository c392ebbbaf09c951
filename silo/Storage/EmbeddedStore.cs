using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Garnet;
using Garnet.server;
using Tsavorite.core;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage;

/// <summary>
/// The store of a platform without servers: Garnet in this process, reached over a Unix domain socket, so that the
/// code path is the one of a real Redis. What each setting is for is in <c>docs/decisions/0001-embedded-store.md</c>.
/// </summary>
internal sealed class EmbeddedStore : IDisposable
{
    /// <summary>
    /// A checkpoint is taken, and the log before it cut, when the log has grown by this much. Restart replays at
    /// most this: about 1 s on one core.
    /// </summary>
    private const string LogBound = "256m";

    private readonly DataDirectoryLock _lock;
    private readonly GarnetServer _server;

    private EmbeddedStore(DataDirectoryLock directoryLock, GarnetServer server, string directory, string socket)
    {
        DataDirectory = directory;
        _lock = directoryLock;
        _server = server;
        Socket = socket;
    }

    /// <summary>Where the data lie.</summary>
    public string DataDirectory { get; }

    /// <summary>Where the store listens: a socket that only this user may open.</summary>
    public string Socket { get; }

    /// <summary>Takes the data folder, recovers what is in it, and listens.</summary>
    /// <exception cref="StartupRefusedException">The folder is in use, or what is in it can not be read.</exception>
    public static EmbeddedStore Start(StoreOptions options, ILoggerFactory loggers)
    {
        var directory = Path.GetFullPath(options.DataDirectory);
        var directoryLock = DataDirectoryLock.Take(directory);
        try
        {
            var socket = SocketFor(directory);
            var quiet = new PrefixedLoggers(loggers, "Twins.Silo.Storage.Garnet");
            var server = new GarnetServer(Options(options, directory, socket, quiet), quiet);
            server.Start();
            return new EmbeddedStore(directoryLock, server, directory, socket);
        }
        catch (Exception exception)
        {
            directoryLock.Dispose();
            throw new StartupRefusedException(
                $"the data folder {directory} can not be opened by the embedded store ({exception.Message.TrimEnd('.')}); restore it from a backup, or set Twins:Store:DataDirectory to another folder.",
                exception);
        }
    }

    /// <summary>Returns when everything that the store has answered is on disk.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public async ValueTask Commit()
    {
        if (!await _server.Store.CommitAOFAsync(CancellationToken.None))
        {
            throw new IOException($"the log in {DataDirectory} was not written");
        }
    }

    public void Dispose()
    {
        _server.Dispose(deleteDir: false);
        File.Delete(Socket);
        _lock.Dispose();
    }

    private static GarnetServerOptions Options(StoreOptions options, string directory, string socket, PrefixedLoggers loggers)
    {
        var logger = loggers.CreateLogger("Options");
        return new GarnetServerOptions(logger)
        {
            EndPoints = [new UnixDomainSocketEndPoint(socket)],
            UnixSocketPath = socket,
            UnixSocketPermission = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            QuietMode = true,

            // The grain storage compares ETags in a script; only in transaction mode is a script atomic.
            EnableLua = true,
            LuaTransactionMode = true,
            LuaOptions = new LuaOptions(logger),

            // The log is written when Commit() asks for it. Were it to wait by itself, it would do so inside a script,
            // for each of its writes in turn.
            EnableAOF = true,
            WaitForCommit = false,
            CommitFrequencyMs = -1,
            Recover = true,
            FailOnRecoveryError = true,
            AofSizeLimit = LogBound,
            AofSizeLimitEnforceFrequencySecs = 1,
            AofMemorySize = "64m",
            AofPageSize = "16m",
            AofSegmentSize = "64m",

            // Records beyond this much memory go to disk rather than away.
            CheckpointDir = directory,
            EnableStorageTier = true,
            LogDir = directory,
            LogMemorySize = $"{options.MemoryMiB}m",
            PageSize = "4m",
            SegmentSize = "256m",
            ObjectLogSegmentSize = "256m",
            CompactionType = LogCompactionType.Lookup,
            CompactionMaxSegments = 8,
            IndexMemorySize = "16m",

            // The default device on Linux wants libaio, which a fresh machine does not have.
            DeviceType = DeviceType.RandomAccess,
            DeviceFactoryCreator = new LocalStorageNamedDeviceFactoryCreator(deviceType: DeviceType.RandomAccess, logger: logger),
        };
    }

    /// <summary>
    /// The socket lies in the folder for temporary files: a socket's path is bounded by some 100 bytes, a data
    /// folder's is not. Those of processes that were killed go: the folder is ours now.
    /// </summary>
    private static string SocketFor(string directory)
    {
        var name = $"twins-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))[..16]}";
        foreach (var left in Directory.EnumerateFiles(Path.GetTempPath(), $"{name}-*.sock"))
        {
            try
            {
                File.Delete(left);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another user's. It is in nobody's way.
            }
        }

        return Path.Combine(Path.GetTempPath(), $"{name}-{Environment.ProcessId}.sock");
    }
}
