using System.Diagnostics;
using System.Net.Sockets;
using Xunit;

namespace Twins.Simulators.Tests.Mqtt;

/// <summary>A real Mosquitto in a temporary folder, on a free port of the loopback.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private Mosquitto(DirectoryInfo folder, Process process, int port)
    {
        _folder = folder;
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts one, or skips the test where there is none to start.</summary>
    /// <param name="settings">What stands below its listener.</param>
    public static async Task<Mosquitto> StartAsync(string settings = "")
    {
        var program = ((string[])[.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/usr/local/sbin"])
            .Select(static folder => Path.Combine(folder, "mosquitto")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "there is no mosquitto on this machine; install it to run this test");
        var folder = Directory.CreateTempSubdirectory("twins-mosquitto-");
        var port = Loopback.FreePort();
        var file = Path.Combine(folder.FullName, "mosquitto.conf");

        // Started as root it becomes another user, who may not read the certificates of a test. Version 2.0.11 ends at
        // once where all listeners are WebSockets, so there is one more.
        await File.WriteAllTextAsync(file, $"""
            user {Environment.UserName}
            allow_anonymous true
            persistence false
            listener {Loopback.FreePort()} 127.0.0.1
            listener {port} 127.0.0.1
            {settings}

            """);
        var process = Process.Start(new ProcessStartInfo(program!, ["-c", file]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var mosquitto = new Mosquitto(folder, process, port);
        await mosquitto.ListensAsync();
        return mosquitto;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        using var deadline = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(deadline.Token);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private Task ListensAsync() => Eventually.IsTrueAsync(() =>
    {
        Assert.False(_process.HasExited, "mosquitto ended at once");
        try
        {
            using var probe = new TcpClient("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    });
}
