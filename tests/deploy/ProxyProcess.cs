using System.Net;
using System.Net.Sockets;
using Twins.Tests.Harness;

namespace Twins.Deploy.Tests;

/// <summary>A real HAProxy with a configuration of <c>deploy/</c> in which nothing but addresses and ports is replaced.</summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;

    private ProxyProcess(TemporaryFolder folder, ChildProcess process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>The names and passwords it asks for.</summary>
    public static IReadOnlyDictionary<string, string> Credentials { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["TWINS_REST_USERNAME"] = "app",
        ["TWINS_REST_PASSWORD"] = "app-secret",
        ["TWINS_DASHBOARD_USERNAME"] = "op",
        ["TWINS_DASHBOARD_PASSWORD"] = "op-secret",
    };

    /// <summary>What it has printed.</summary>
    public string Output => _process.Output;

    /// <summary>Whether HAProxy takes a configuration as it is.</summary>
    public static async Task<(int Code, string Output)> Check(string configuration)
    {
        await using var process = ChildProcess.Start(Component.HAProxy.RequiredPath, ["-c", "-f", configuration], Credentials);
        var code = await process.WaitForExit(Eventually.Deadline);
        return (code, process.Output);
    }

    /// <summary>Starts it; returns when it listens on <paramref name="ports"/>.</summary>
    public static async Task<ProxyProcess> Start(string configuration, IReadOnlyDictionary<string, string> replace, params int[] ports)
    {
        var text = Deployment.Read(configuration);
        foreach (var (what, with) in replace)
        {
            Assert.Contains(what, text, StringComparison.Ordinal);
            text = text.Replace(what, with, StringComparison.Ordinal);
        }

        var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.In("haproxy.cfg"), text);
        var proxy = new ProxyProcess(folder, ChildProcess.Start(Component.HAProxy.RequiredPath, ["-db", "-f", folder.In("haproxy.cfg")], Credentials));
        try
        {
            foreach (var port in ports)
            {
                await Eventually.Is(() => proxy.Listens(port), $"HAProxy to listen on {port}");
            }

            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<bool> Listens(int port)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"HAProxy ended with {_process.ExitCode}; its output:\n{Output}");
        }

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
