using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Twins.Tests.Harness;

/// <summary>Takes spans as an OpenTelemetry collector does (OTLP over HTTP, protobuf).</summary>
public sealed class TraceCollector : IAsyncDisposable
{
    /// <summary>In a span's encoding its name comes this soon behind its trace id: two span ids and a few tags lie between.</summary>
    private const int FromTraceToName = 64;

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<byte[]> _received = new();
    private readonly Task _listening;

    public TraceCollector()
    {
        Url = $"http://127.0.0.1:{Loopback.FreePort()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _listening = Listen();
    }

    /// <summary>For <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public string Url { get; }

    /// <summary>Whether a span of this name has come that belongs to a trace.</summary>
    /// <param name="traceId">32 hexadecimal digits.</param>
    /// <param name="name">The span's.</param>
    public bool Has(string traceId, string name)
    {
        var trace = Convert.FromHexString(traceId);
        return _received.Any(body => Offsets(body, Encoding.UTF8.GetBytes(name))
            .Any(at => body.AsSpan(Math.Max(0, at - FromTraceToName), Math.Min(at, FromTraceToName)).IndexOf(trace) >= 0));
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _listening;
    }

    private static IEnumerable<int> Offsets(byte[] body, byte[] what)
    {
        for (var at = 0; (at = Next(at)) >= 0; at++)
        {
            yield return at;
        }

        int Next(int from) => body.AsSpan(from).IndexOf(what) is var found and >= 0 ? from + found : -1;
    }

    private async Task Listen()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            if (context.Request.Url!.AbsolutePath == "/v1/traces")
            {
                _received.Enqueue(body.ToArray());
            }

            context.Response.Close();
        }
    }
}
