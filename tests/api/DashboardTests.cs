using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Twins.Api.Tests;

/// <summary>The dashboard is closed: off without credentials, and nothing of it is had without giving them.</summary>
public sealed class DashboardTests(DashboardFixture dashboard) : IClassFixture<DashboardFixture>
{
    private const string Password = DashboardFixture.Password;

    public static TheoryData<string> WrongCredentials() =>
    [
        "",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic /////w==",
        Basic("op", ""),
        Basic("op", Password + "x"),
        Basic("op", Password[..^1]),
        Basic("Op", Password),
        Basic("", Password),
        Basic("", ""),
        "Basic " + Convert.ToBase64String("op"u8),
        "Bearer " + Convert.ToBase64String(Encoding.UTF8.GetBytes("op:" + Password)),
        // Not UTF-8, which is what is asked for.
        "Basic " + Convert.ToBase64String(Encoding.Latin1.GetBytes("op:" + Password)),
    ];

    [Fact]
    public async Task With_the_credentials_it_is_there_with_all_its_parts()
    {
        var page = await Get("/dashboard/", Basic("op", Password));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("index.min.js", page.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Get("/dashboard/index.min.js", Basic("op", Password))).Status);
        // It looks at its silos once a second, from its first second on.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((int)JsonNode.Parse((await Get("/dashboard/DashboardCounters", Basic("op", Password))).Body)!["totalActiveHostCount"]! != 1)
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await Get("/dashboard/nothing", Basic("op", Password))).Status);
    }

    [Fact]
    public async Task Every_endpoint_below_it_asks_for_them()
    {
        var below = dashboard.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("dashboard", StringComparison.OrdinalIgnoreCase))
            .ToArray();
        Assert.True(below.Length > 20, $"only {below.Length} endpoints were found");
        Assert.All(below, endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<AuthorizationPolicy>()));

        foreach (var endpoint in below)
        {
            // A part of a path that is asked for by name may be any.
            var path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment =>
                segment.Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "1"));
            foreach (var method in new[] { "GET", "HEAD", "POST", "DELETE", "OPTIONS" })
            {
                await IsRefused(path, header: null, method);
                await IsRefused(path.ToUpperInvariant(), header: null, method);
            }
        }
    }

    [Theory]
    [MemberData(nameof(WrongCredentials))]
    public async Task Nothing_else_opens_it(string header)
    {
        foreach (var path in new[] { "/dashboard", "/dashboard/", "/dashboard/index.min.js", "/dashboard/DashboardCounters", "/dashboard/nothing", "/Dashboard/Trace", "//dashboard/", "/dashboard//index.css", "/%64ashboard/version" })
        {
            var answer = await Get(path, header);
            Assert.NotEqual(HttpStatusCode.OK, answer.Status);
        }

        await IsRefused("/dashboard/", header, "GET");
    }

    [Fact]
    public async Task The_rest_of_the_api_is_as_without_it()
    {
        Assert.Equal(HttpStatusCode.OK, (await Get("/health/live", header: null)).Status);
        // Meant for a proxy in front, perhaps.
        Assert.Equal(HttpStatusCode.OK, (await Get("/twins", Basic("somebody", "else"))).Status);
        var document = (await Get("/swagger/v1/swagger.json", header: null)).Body;
        Assert.Contains("/health/live", document, StringComparison.Ordinal);
        Assert.DoesNotContain("ashboard", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_credentials_configured_there_is_no_dashboard()
    {
        using var api = new ApiFixture();

        (await api.Client.Get("/dashboard")).Is(404);
        (await api.Client.Get("/dashboard/DashboardCounters")).Is(404);
    }

    private static string Basic(string name, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));

    private async Task IsRefused(string path, string? header, string method)
    {
        using var response = await Send(path, header, method);
        Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} was answered {response.StatusCode}");
        Assert.Equal("Basic", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        if (method != "HEAD")
        {
            Assert.Contains("401", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    private async Task<(HttpStatusCode Status, string Body)> Get(string path, string? header)
    {
        using var response = await Send(path, header, "GET");
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> Send(string path, string? header, string method)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(dashboard.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path));
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        return dashboard.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
