using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Twins.Contracts.Fleet;

namespace Twins.Api.Tests;

public sealed class QueryRefusalTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("/twins?sort=tags/a")]
    [InlineData("/twins?filter=exists(tags/a)")]
    [InlineData("/twins/count")]
    [InlineData("/twins/aggregate")]
    [InlineData("/twins/watch")]
    public async Task Query_that_a_silo_refuses_is_told_to_wait(string url)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        api.Grains.Fleet.IndexFailure = serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(new TooManyQueriesException("ask again later")));

        Assert.Equal("ask again later", (await api.Client.Get(url)).IsProblem(429, "too-many-queries"));
        Assert.Equal("127.0.0.1", api.Grains.Fleet.LastQuery!.Caller);
    }

    [Fact]
    public async Task List_without_filter_and_sort_is_no_query()
    {
        api.Grains.Fleet.IndexFailure = new TooManyQueriesException("ask again later");

        (await api.Client.Get("/twins")).Is(200);
    }
}
