using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Twins.Simulators.Tests.Verification;

/// <summary>Serves twins as the platform does, without one.</summary>
internal sealed class FakePlatform : HttpMessageHandler
{
    public static readonly Uri Address = new("http://platform.test:8080/");

    /// <summary>What there is: <c>reported</c> by twin id.</summary>
    public ConcurrentDictionary<string, JsonObject> Twins { get; } = new(StringComparer.Ordinal);

    public long Revision { get; set; } = 5;

    /// <summary>When all twins were made.</summary>
    public DateTimeOffset CreatedAt { get; set; } = DateTimeOffset.UnixEpoch.AddYears(100);

    /// <summary>Answers instead, as long as it gives something.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?>? Instead { get; set; }

    public int Requests => _requests;

    private int _requests;

    public void Set(string id, string reported) => Twins[id] = JsonNode.Parse(reported)!.AsObject();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        if (Instead?.Invoke(request) is { } other)
        {
            return Task.FromResult(other);
        }

        var id = request.RequestUri!.AbsolutePath["/twins/".Length..];
        return Task.FromResult(Twins.TryGetValue(id, out var reported)
            ? Json(HttpStatusCode.OK, new JsonObject
            {
                ["revision"] = Revision,
                ["reported"] = reported.DeepClone(),
                ["createdAt"] = CreatedAt,
            })
            : Json(HttpStatusCode.NotFound, new JsonObject { ["status"] = 404, ["code"] = "twin-not-found" }));
    }

    private static HttpResponseMessage Json(HttpStatusCode status, JsonObject body) =>
        new(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
