using Twins.Api.Http;
using Twins.Api.Swagger;

namespace Twins.Api.Twins;

/// <summary><c>/twins</c> and <c>/twins/{id}</c>.</summary>
internal static class TwinRoutes
{
    private const string ConcurrencyNote =
        "The answer's `ETag` is the new revision. With `If-Match`, or a `revision` in the body, the write happens only if the twin is still at that revision.";

    /// <summary>Maps the routes of twins as a whole.</summary>
    public static void MapTwins(this IEndpointRouteBuilder routes)
    {
        var twins = routes.MapGroup("/twins").WithTags(ApiTags.Twins);
        MapList(twins);
        MapCount(twins);
        MapAggregate(twins);
        MapGet(twins);
        MapPut(twins);
        MapPatch(twins);
        MapDelete(twins);
    }

    private static void MapList(RouteGroupBuilder twins) => twins
        .MapRead("/", ListTwins.Handle)
        .Describe(
            "ListTwins",
            "List twins, or find them",
            """
            With `filter` or `sort`: the twins that the filter holds for, in the order of the sort, page by page. A page may have fewer twins than `limit`, even none, with more behind it: the last is the one without a `cursor`. Relative times (`time:now-15m`) mean the same on all pages.

            Without both: all twins in the order of their ids, read from the store. A twin that is created or deleted between two pages may be listed or not; no twin is listed twice.
            """,
            doc => doc
                .With(Parameters.Filter, Parameters.Sort, Parameters.Limit, Parameters.PageCursor, Parameters.Fields, Parameters.RevisionToken)
                .Answers(200, "A page of documents; `cursor` is absent on the last.", $$"""{"items":[{{Examples.Twin}}],"cursor":"dGRlbW86cHVtcC0x"}""", typeof(TwinPageDocument))
                .Fails(400, "parameter-invalid", "limit \"1000\" is out of range; it must be a whole number from 1 to 200 (default 25)")
                .Fails(400, "cursor-mismatch", "cursor \"dGRlbW86cHVtcC0x\" is of another list or another query; send it with the filter and the sort of the page that gave it, or leave it out to start at the first page")
                .FailsLikeQueries()
                .FailsLikeAll());

    private static void MapCount(RouteGroupBuilder twins) => twins
        .MapRead("/count", CountTwins.Handle)
        .Describe(
            "CountTwins",
            "Count twins",
            "How many twins the filter holds for; all of them without one. A twin whose id is `count` is read by its sections, or with `GET /twins?filter=eq(id,\"count\")`.",
            doc => doc
                .With(Parameters.Filter, Parameters.RevisionToken)
                .Answers(200, "The number.", """{"count":4}""", typeof(TwinCount))
                .FailsLikeQueries()
                .FailsLikeAll());

    private static void MapAggregate(RouteGroupBuilder twins) => twins
        .MapRead("/aggregate", AggregateTwins.Handle)
        .Describe(
            "AggregateTwins",
            "Add up twins, in groups",
            "What the twins that the filter holds for come to: how many, and sum, mean, least and greatest of their numbers. At most 10,000 groups. A twin whose id is `aggregate` is read by its sections, or with `GET /twins?filter=eq(id,\"aggregate\")`.",
            doc => doc
                .With(Parameters.Filter, Parameters.Group, Parameters.Measure, Parameters.RevisionToken)
                .Answers(200, "The groups, in the order of what they have in common.", Examples.Groups, typeof(GroupListDocument))
                .Fails(400, "too-many-groups", "group id makes more than 10000 groups, or groups with more than 4194304 bytes of text; group by what fewer or shorter values stand for, or ask for fewer twins with a filter")
                .FailsLikeQueries()
                .FailsLikeAll());

    private static void MapGet(RouteGroupBuilder twins) => twins
        .MapRead("/{id}", TwinReads.Handle)
        .Describe(
            "GetTwin",
            "Read a twin",
            "The whole document, or the `fields` of it. A property that is not there is left out.",
            doc => doc
                .With(Parameters.TwinId, Parameters.Fields, Parameters.IfNoneMatch)
                .Answers(200, "The document.", Examples.Twin, typeof(TwinDocument), "ETag")
                .Answers(304, "What you have is current.", headers: "ETag")
                .FailsOnBadId()
                .Fails(400, "fields-invalid", "fields: path \"reported//rpm\" has an empty name; put one name between two slashes, and none at the ends; for example fields=id,reported/motor/rpm")
                .FailsOnMissingTwin()
                .FailsLikeAll());

    private static void MapPut(RouteGroupBuilder twins) => twins
        .MapPut("/{id}", TwinWrites.Put)
        .Describe(
            "PutTwin",
            "Create or replace a twin",
            $"`tags`, `desired` and `model` become exactly what the body says; what it leaves out is emptied. `reported` is the device's and stays. A property that is null is absent. {ConcurrencyNote}",
            doc => doc
                .With(Parameters.WrittenTwinId, Parameters.IfMatch, Parameters.IfAbsent)
                .Takes(MediaTypes.Json, Examples.TwinContent, typeof(TwinContent))
                .Answers(200, "Replaced.", Examples.Receipt, typeof(WriteReceipt), "ETag", SeenWrites.Header)
                .Answers(201, "Created.", """{"id":"demo:pump-1","revision":1}""", typeof(WriteReceipt), "ETag", SeenWrites.Header, "Location")
                .FailsOnBadId()
                .Fails(400, "member-unknown", "member \"reported\" can not be written: only the device says what is reported; a device that speaks HTTP writes /twins/demo:pump-1/reported")
                .Fails(400, "payload-not-json", "payload is not JSON at line 1, byte 9: JSON has no number NaN; leave the property out")
                .FailsLikeWrites(MediaTypes.Json)
                .FailsLikeAll());

    private static void MapPatch(RouteGroupBuilder twins) => twins
        .MapPatch("/{id}", TwinWrites.Patch)
        .Describe(
            "PatchTwin",
            "Change a twin",
            $"Over `tags`, `desired` and `model`: an RFC 7396 merge patch (`application/merge-patch+json` or `application/json`), in which null removes a property, or an RFC 6902 JSON patch (`application/json-patch+json`), of which all or nothing happens. {ConcurrencyNote}",
            doc => doc
                .With(Parameters.WrittenTwinId, Parameters.IfMatch)
                .Takes(MediaTypes.MergePatch, """{"desired":{"setpoint":42},"tags":{"inspected":null}}""", typeof(TwinPatch))
                .Takes(MediaTypes.Json, """{"desired":{"setpoint":42}}""", typeof(TwinPatch))
                .Takes(MediaTypes.JsonPatch, """[{"op":"add","path":"/tags/site","value":"delft"}]""", typeof(JsonPatchOperation[]))
                .Answers(200, "Changed.", Examples.Receipt, typeof(WriteReceipt), "ETag", SeenWrites.Header)
                .FailsOnBadId()
                .Fails(400, "wrong-type", "desired must be an object (or null, to empty it)")
                .FailsOnMissingTwin()
                .FailsLikeJsonPatches()
                .FailsLikeWrites(string.Join(", ", MediaTypes.Patches))
                .FailsLikeAll());

    private static void MapDelete(RouteGroupBuilder twins) => twins
        .MapDelete("/{id}", TwinWrites.Delete)
        .Describe(
            "DeleteTwin",
            "Delete a twin",
            "Document and commands go. Should the twin be made again, its revision goes on from here. A device that keeps sending makes its twin again, unless `Twins:Devices:Provisioning` is `Strict`.",
            doc => doc
                .With(Parameters.WrittenTwinId, Parameters.IfMatch)
                .Answers(204, "Deleted.", headers: ["ETag", SeenWrites.Header])
                .FailsOnBadId()
                .FailsOnMissingTwin()
                .Fails(412, "revision-mismatch", "twin demo:pump-1 is at revision 42, not 41; read it again and repeat the change on what you find", "ETag")
                .FailsLikeAll());
}
