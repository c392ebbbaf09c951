using System.Net;
using System.Text;

namespace Twins.Api.Tests;

/// <summary>Reads Server-Sent Events the way the specification says, comments included.</summary>
internal sealed class SseReader : IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private SseReader(HttpClient http, HttpResponseMessage response, Stream body)
    {
        (_http, _response) = (http, response);
        _lines = new StreamReader(body, Encoding.UTF8);
    }

    public HttpResponseMessage Response => _response;

    /// <summary>The id that a browser would send as <c>Last-Event-ID</c>.</summary>
    public string LastId { get; private set; } = string.Empty;

    public static async Task<SseReader> Open(Uri server, string path, string? lastEventId = null)
    {
        var http = new HttpClient { BaseAddress = server };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new SseReader(http, response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The next event that would be dispatched.</summary>
    public async Task<SseEvent> Next()
    {
        while (true)
        {
            var next = await NextBlock();
            if (next.Data.Length > 0)
            {
                return next;
            }
        }
    }

    /// <summary>The next block, be it an event, a comment or only an id.</summary>
    public async Task<SseEvent> NextBlock()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        var (kind, data, comment) = (string.Empty, string.Empty, string.Empty);
        while (await _lines.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.Length == 0)
            {
                return new SseEvent(LastId, kind, data, comment);
            }

            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            var value = line[(colon + 2)..];
            switch (line[..colon])
            {
                case "id":
                    LastId = value;
                    break;
                case "event":
                    kind = value;
                    break;
                case "data":
                    data += value;
                    break;
                case "":
                    comment = value;
                    break;
                default:
                    break;
            }
        }

        throw new EndOfStreamException();
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
        _http.Dispose();
    }
}
