using System.Text.Json.Nodes;
using Twins.Api.Http;
using Twins.Api.Swagger;
using Twins.Api.Twins;

namespace Twins.Api.Sections;

/// <summary><c>/twins/{id}/{tags|desired|reported}</c>.</summary>
internal static class SectionRoutes
{
    /// <summary>Maps the routes of sections and of the properties in them.</summary>
    public static void MapSections(this IEndpointRouteBuilder routes)
    {
        foreach (var about in SectionExamples.All)
        {
            // Each section has routes of its own, rather than one parameter for the three: an address that can not be
            // is then a 404 with every method.
            var section = routes.MapGroup("/twins/{id}/" + about.Section).WithTags(about.Group);
            MapSection(section, about);
            PropertyRoutes.Map(section, about);
        }
    }

    private static void MapSection(RouteGroupBuilder section, SectionExamples about)
    {
        string[] target = [about.Section];
        section.MapRead("/", (string id, HttpRequest request, TwinReader twins) => SectionReads.Handle(request, twins, id, target))
            .Describe(
                "Get" + about.Name,
                $"Read {about.Section}",
                "The section as it stands in the document, `{}` where there is nothing in it. The `ETag` is the revision of the twin as a whole.",
                doc => doc
                    .With(Parameters.TwinId, Parameters.IfNoneMatch)
                    .Answers(200, "The section.", about.Whole, typeof(JsonObject), "ETag")
                    .Answers(304, "What you have is current.", headers: "ETag")
                    .FailsOnBadId()
                    .FailsOnMissingTwin()
                    .FailsLikeAll());
        section.MapPut("/", (string id, HttpRequest request, IGrainFactory grains) => SectionWrites.Put(request, grains, id, target))
            .Describe(
                "Put" + about.Name,
                $"Replace {about.Section}",
                $"The section becomes exactly the body; null empties it. {about.Note}",
                doc => doc
                    .With(Parameters.TwinId, Parameters.IfMatch)
                    .Takes(MediaTypes.Json, about.Whole, typeof(JsonObject))
                    .AnswersWrites()
                    .Fails(400, "wrong-type", $"{about.Section} must be a JSON object")
                    .FailsLikeWrites(MediaTypes.Json)
                    .FailsLikeAll());
        section.MapPatch("/", (string id, HttpRequest request, IGrainFactory grains) => SectionWrites.Patch(request, grains, id, target))
            .Describe(
                "Patch" + about.Name,
                $"Change {about.Section}",
                $"A merge patch (RFC 7396), in which null removes a property, or a JSON patch (RFC 6902), whose pointers start at the section. {about.Note}",
                doc => doc
                    .With(Parameters.TwinId, Parameters.IfMatch)
                    .Takes(MediaTypes.MergePatch, about.Patch, typeof(JsonObject))
                    .Takes(MediaTypes.Json, about.Patch, typeof(JsonObject))
                    .Takes(MediaTypes.JsonPatch, about.JsonPatch, typeof(JsonPatchOperation[]))
                    .AnswersWrites()
                    .Fails(400, "wrong-type", $"{about.Section} must be a JSON object")
                    .FailsLikeJsonPatches()
                    .FailsLikeWrites(string.Join(", ", MediaTypes.Patches))
                    .FailsLikeAll());
        section.MapDelete("/", (string id, HttpRequest request, IGrainFactory grains) => SectionWrites.Delete(request, grains, id, target))
            .Describe(
                "Delete" + about.Name,
                $"Empty {about.Section}",
                "All properties of the section go.",
                doc => doc
                    .With(Parameters.TwinId, Parameters.IfMatch)
                    .AnswersRemovals("Emptied.")
                    .FailsIfStoreIsFull()
                    .FailsLikeAll());
    }

    /// <summary>Adds what writes of sections and properties answer.</summary>
    public static EndpointDoc AnswersWrites(this EndpointDoc doc) => doc
        .Answers(200, "Written.", Examples.Receipt, typeof(WriteReceipt), "ETag", SeenWrites.Header)
        .FailsOnBadId()
        .Fails(400, "duplicate-name", "property name \"setpoint\" at line 1, byte 15 is in the same object twice; send each name once")
        .FailsOnMissingTwin();

    /// <summary>Adds what removals of sections and properties answer.</summary>
    public static EndpointDoc AnswersRemovals(this EndpointDoc doc, string description) => doc
        .Answers(204, description, headers: ["ETag", SeenWrites.Header])
        .FailsOnBadId()
        .FailsOnMissingTwin()
        .Fails(412, "revision-mismatch", "twin demo:pump-1 is at revision 42, not 41; read it again and repeat the change on what you find", "ETag");
}
