using System.Net.Http.Headers;
using System.Text;

namespace Twins.Api.Tests;

/// <summary>Short ways to ask, and an answer that has been read to its end.</summary>
internal sealed class ApiClient(HttpClient http)
{
    public HttpClient Http => http;

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, (byte[]?)null, null, headers);

    public Task<Answer> Delete(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Delete, path, (byte[]?)null, null, headers);

    public Task<Answer> Put(string path, string json, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Put, path, json, "application/json", headers);

    public Task<Answer> Patch(string path, string json, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Patch, path, json, "application/merge-patch+json", headers);

    public Task<Answer> JsonPatch(string path, string json, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Patch, path, json, "application/json-patch+json", headers);

    public Task<Answer> Post(string path, string? json, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, json, json is null ? null : "application/json", headers);

    public Task<Answer> Send(HttpMethod method, string path, string? body, string? contentType, params (string Name, string Value)[] headers) =>
        Send(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), contentType, headers);

    public async Task<Answer> Send(HttpMethod method, string path, byte[]? body, string? contentType, params (string Name, string Value)[] headers)
    {
        // The address goes out as it is written: HttpClient would otherwise tidy its escapes.
        var uri = new Uri(http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(method, uri);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
