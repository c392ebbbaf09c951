using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Twins.Clients.Tests;

/// <summary>Notes which operations of the description were called with success, and fails on an answer that is not described.</summary>
public sealed class DescribedCalls(JsonNode description) : DelegatingHandler(new HttpClientHandler())
{
    private readonly ConcurrentDictionary<string, bool> _called = new(StringComparer.Ordinal);

    /// <summary>Fails if an operation was never called with success.</summary>
    public void AssertComplete() =>
        Assert.Equal([], Operations().Select(operation => (string)operation.Node["operationId"]!).Except(_called.Keys));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var path = request.RequestUri!.AbsolutePath;

        // A literal path goes before one with parameters.
        var operation = Operations()
            .Where(operation => operation.Method == request.Method.Method && Matches(operation.Path, path))
            .MinBy(operation => operation.Path.Count(letter => letter == '{')).Node;
        Assert.True(operation is not null, $"{request.Method} {path} is not described");
        var status = $"{(int)response.StatusCode}";
        Assert.True(operation["responses"]![status] is not null, $"{operation["operationId"]} answered {status}, which is not described");

        // A client that speaks plain HTTP can only be refused there.
        if (response.IsSuccessStatusCode || path == "/live")
        {
            _called[(string)operation["operationId"]!] = true;
        }

        return response;
    }

    private static bool Matches(string template, string path)
    {
        var (expected, actual) = (template.Split('/'), path.Split('/'));
        return expected.Length == actual.Length && expected.Zip(actual).All(pair => pair.First is ['{', ..] || pair.First == pair.Second);
    }

    private IEnumerable<(string Method, string Path, JsonNode Node)> Operations() =>
        from path in description["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (operation.Key.ToUpperInvariant(), path.Key, operation.Value!);
}
