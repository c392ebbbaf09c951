using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Twins.Tests.Harness;

/// <summary>A page in a real Chromium without a window, which runs what it is given (Chrome DevTools Protocol).</summary>
public sealed partial class BrowserPage : IAsyncDisposable
{
    private readonly TemporaryFolder _profile = new();
    private readonly ClientWebSocket _tools = new();
    private ChildProcess? _browser;
    private int _calls;

    private BrowserPage()
    {
    }

    /// <summary>Opens a page and returns when it is loaded.</summary>
    /// <param name="address">The page.</param>
    /// <param name="switches">Further switches of Chromium.</param>
    public static async Task<BrowserPage> Open(Uri address, params string[] switches)
    {
        var page = new BrowserPage();
        try
        {
            await page.Start(address, switches);
            // At first it is an empty page, which is complete.
            await Eventually.Is(
                async () => (string?)await page.Run("document.readyState + ' ' + location.href") == $"complete {address}", $"{address} to load");
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a script as the console does; returns the value of its last expression, or what its promise comes to.</summary>
    public async Task<JsonNode?> Run(string script)
    {
        var call = ++_calls;
        await _tools.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(new
            {
                id = call,
                method = "Runtime.evaluate",
                @params = new { expression = script, awaitPromise = true, returnByValue = true, replMode = true },
            }),
            WebSocketMessageType.Text, endOfMessage: true, default);
        while (true)
        {
            // What else it tells has no id.
            var answer = await Receive();
            if ((int?)answer["id"] == call)
            {
                return answer["result"]?["exceptionDetails"] is { } problem
                    ? throw new InvalidOperationException($"the page says: {problem["exception"]?["description"] ?? problem["text"]}")
                    : answer["result"]?["result"]?["value"]?.DeepClone();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _tools.Dispose();
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        // Its helpers end just after it, and may write until then.
        await Eventually.Passes(() =>
        {
            _profile.Dispose();
            return Task.CompletedTask;
        });
    }

    private async Task Start(Uri address, string[] switches)
    {
        _browser = ChildProcess.Start(
            Component.Chromium.RequiredPath,
            [
                // Its sandbox does not work for root, and the pages are ours. Nothing shall be asked of anybody but us.
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", $"--user-data-dir={_profile.Path}", "--remote-debugging-port=0", .. switches, "about:blank",
            ]);
        Match said = Match.Empty;
        await Eventually.Is(() => (said = ToolsListen().Match(_browser.Output)).Success || _browser.HasExited, "Chromium to start");
        Assert.True(said.Success, $"Chromium did not start:\n{_browser.Output}");
        var port = int.Parse(said.Groups["port"].Value, CultureInfo.InvariantCulture);

        using var http = new HttpClient();
        using var opened = await http.PutAsync(new Uri($"http://127.0.0.1:{port}/json/new?{Uri.EscapeDataString(address.ToString())}"), content: null);
        var target = await opened.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>();
        await _tools.ConnectAsync(new Uri((string)target!["webSocketDebuggerUrl"]!), default);
    }

    private async Task<JsonNode> Receive()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        using var message = new MemoryStream();
        var buffer = new byte[16_384];
        while (true)
        {
            var part = await _tools.ReceiveAsync(buffer, deadline.Token);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(message.ToArray())!;
            }
        }
    }

    [GeneratedRegex(@"DevTools listening on ws://127\.0\.0\.1:(?<port>\d+)/", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ToolsListen();
}
