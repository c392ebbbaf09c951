using System.Globalization;
using Twins.Silo.Storage.Sqlite;

namespace Twins.Silo.Hosting;

/// <summary>
/// Keeps file descriptors free for the process itself: the .NET runtime opens a pipe for each thread that it starts, and ends the process
/// ("Out of memory.") if it cannot. Listeners refuse connections before that. Safe for any thread; only Linux is watched.
/// </summary>
public sealed class FileDescriptors
{
    /// <summary>What MQTT connections leave free.</summary>
    public const int GatewayReserve = 128;

    /// <summary>What HTTP connections leave free: health and REST answer when the gateway is full.</summary>
    public const int HttpReserve = 64;

    /// <summary>A process that has just started has more than 300 files open: sockets, the database, a pipe for each thread.</summary>
    private const int Least = 512;

    private const string Limits = "/proc/self/limits";
    private const string Open = "/proc/self/fd";

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private long _lookedAt;
    private long _limitReadAt;
    private int _limit = int.MaxValue;
    private int _open;

    /// <param name="time">The clock.</param>
    public FileDescriptors(TimeProvider time)
    {
        _time = time;
        ReadLimitAgain();
        Look();
    }

    /// <summary>Checks that the process may open as many files as it needs.</summary>
    /// <exception cref="StartupRefusedException">It may not.</exception>
    public static void CheckLimit()
    {
        if (OperatingSystem.IsLinux() && ReadLimit() is < Least and var limit)
        {
            throw new StartupRefusedException($"the process may open {limit} files and needs {Least}, and one for each connection; raise the limit (ulimit -n).");
        }
    }

    /// <summary>Returns whether a connection can be accepted that leaves <paramref name="reserve"/> descriptors free.</summary>
    public bool TryAccept(int reserve)
    {
        lock (_gate)
        {
            // The limit of a running process can be changed, and connections that have ended are counted until the next look. To read the
            // limit takes some 20 µs, and to count the open files a microsecond for each.
            if (_time.GetElapsedTime(_limitReadAt) > LookInterval)
            {
                ReadLimitAgain();
                if (_open + reserve >= _limit || _time.GetElapsedTime(_lookedAt) > LongestAge)
                {
                    Look();
                }
            }

            if (_open + reserve >= _limit)
            {
                return false;
            }

            _open++;
            return true;
        }
    }

    /// <summary>Returns the soft limit (proc_pid_limits(5)).</summary>
    private static int ReadLimit() => File.ReadLines(Limits)
        .Where(line => line.StartsWith("Max open files", StringComparison.Ordinal))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3])
        .Select(soft => int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : int.MaxValue)
        .FirstOrDefault(int.MaxValue);

    private void ReadLimitAgain()
    {
        _limitReadAt = _time.GetTimestamp();
        try
        {
            _limit = OperatingSystem.IsLinux() ? ReadLimit() : int.MaxValue;
        }
        catch (IOException)
        {
            // There is no descriptor left to read it with.
        }
    }

    private void Look()
    {
        _lookedAt = _time.GetTimestamp();
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _open = Directory.EnumerateFileSystemEntries(Open).Count();
        }
        catch (IOException)
        {
            // There is none left to look with.
            _open = OpenFiles.AreExhausted() ? _limit : _open;
        }
    }
}
