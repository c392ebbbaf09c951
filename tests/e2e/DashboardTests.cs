using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>The dashboard in an API process that is a client of the cluster: the silos collect, the API shows.</summary>
public sealed class DashboardTests : OwningTest
{
    private Cluster _cluster = null!;

    public override async ValueTask InitializeAsync()
    {
        Require.Components(Component.Redis);
        _cluster = Ours(await Cluster.Start(more: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Twins:Dashboard:Username"] = "op",
            ["Twins:Dashboard:Password"] = "secret",
        }));
    }

    [Fact]
    public async Task It_shows_every_silo_to_whoever_has_the_password_and_nothing_to_others()
    {
        (await _cluster.Rest.Put("/twins/seen", """{"tags":{"a":1}}""")).Expect(HttpStatusCode.Created);

        Assert.Equal(HttpStatusCode.Unauthorized, (await _cluster.Rest.Get("/dashboard/DashboardCounters")).Status);
        await Eventually.Passes(async () =>
        {
            var counters = await Counters();
            Assert.Equal(2, (int)counters["totalActiveHostCount"]!);
            Assert.Contains(counters["simpleGrainStats"]!.AsArray(), row => ((string)row!["grainType"]!).EndsWith(".TwinGrain", StringComparison.Ordinal));
        });
        Assert.DoesNotContain("secret", _cluster.Api.Output + _cluster.A.Output, StringComparison.Ordinal);
    }

    private async Task<JsonNode> Counters()
    {
        var answer = await _cluster.Rest.Send(
            HttpMethod.Get, "/dashboard/DashboardCounters", body: (byte[]?)null, mediaType: null, ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("op:secret"))));
        answer.Expect(HttpStatusCode.OK);
        return answer.Json!;
    }
}
