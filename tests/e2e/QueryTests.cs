using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>You read what you wrote, one twin or all of them.</summary>
public sealed class QueryTests(Platforms platforms) : PlatformTest(platforms)
{
    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task A_list_has_what_was_just_written(Store store)
    {
        var platform = await On(store);
        var ids = Enumerable.Range(0, 5).Select(_ => NewTwinId("listed")).ToArray();
        foreach (var id in ids)
        {
            (await platform.Rest.Put($"/twins/{id}", """{"tags":{"a":1}}""")).Expect(HttpStatusCode.Created);
        }

        var listed = await platform.Rest.TwinIds();
        Assert.Superset(ids.ToHashSet(StringComparer.Ordinal), listed.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(listed.Order(StringComparer.Ordinal), listed, StringComparer.Ordinal);

        (await platform.Rest.Delete($"/twins/{ids[0]}")).Expect(HttpStatusCode.NoContent);
        Assert.DoesNotContain(ids[0], await platform.Rest.TwinIds(), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task A_read_of_an_unchanged_twin_says_so(Store store)
    {
        var platform = await On(store);
        var id = NewTwinId("etag");
        (await platform.Rest.Put($"/twins/{id}", """{"tags":{"a":1}}""")).Expect(HttpStatusCode.Created);
        var etag = (await platform.Rest.Get($"/twins/{id}")).Headers["ETag"];

        Assert.Equal(HttpStatusCode.NotModified, (await platform.Rest.Get($"/twins/{id}", ("If-None-Match", etag))).Status);

        (await platform.Rest.Put($"/twins/{id}/tags/a", "2")).Expect(HttpStatusCode.OK);
        var changed = await platform.Rest.Get($"/twins/{id}", ("If-None-Match", etag));
        Assert.Equal(2, (int?)changed.Expect(HttpStatusCode.OK)!["tags"]!["a"]);
    }
}
