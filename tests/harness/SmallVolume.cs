using System.Diagnostics;
using System.Globalization;

namespace Twins.Tests.Harness;

/// <summary>A file system of its own in memory (tmpfs), small enough to be filled. Needs root.</summary>
public sealed class SmallVolume : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallVolume()
    {
    }

    /// <summary>Gets where it is mounted.</summary>
    public string Path => _folder.In("volume");

    private string Filler => In("filler");

    /// <summary>Mounts one; returns the reason as well if this machine does not let the test do so.</summary>
    /// <param name="mebibytes">Its size.</param>
    public static async Task<(SmallVolume? Volume, string Reason)> TryCreateAsync(int mebibytes)
    {
        var volume = new SmallVolume();
        Directory.CreateDirectory(volume.Path);
        var size = mebibytes.ToString(CultureInfo.InvariantCulture);
        var failure = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}m", "tmpfs", volume.Path);
        if (failure is null)
        {
            return (volume, "");
        }

        volume._folder.Dispose();
        return (null, $"a tmpfs cannot be mounted, which needs root: {failure}");
    }

    /// <summary>Returns the path of something on it.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Fills it to the last byte with one file.</summary>
    public void Fill()
    {
        var block = new byte[64 * 1024];
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = block.Length; size > 0; size /= 2)
        {
            try
            {
                while (true)
                {
                    file.Write(block.AsSpan(0, size));
                }
            }
            catch (IOException)
            {
                // ENOSPC: less may still fit.
            }
        }
    }

    /// <summary>Removes the file of <see cref="Fill"/>.</summary>
    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        _ = await RunAsync("umount", "-l", Path);
        _folder.Dispose();
    }

    /// <summary>Runs a program; returns what it says if it fails.</summary>
    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : error.Trim();
    }
}
