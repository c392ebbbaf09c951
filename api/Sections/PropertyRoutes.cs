using Microsoft.OpenApi;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Api.Swagger;
using Twins.Api.Twins;

namespace Twins.Api.Sections;

/// <summary><c>/twins/{id}/{tags|desired|reported}/{path…}</c>.</summary>
internal static class PropertyRoutes
{
    private const string Pattern = "/{**path}";

    /// <summary>Maps the routes of the properties in a section.</summary>
    public static void Map(RouteGroupBuilder section, SectionExamples about)
    {
        var path = new ParameterDoc(
            "path",
            ParameterLocation.Path,
            "The names of the objects around the property, then its own, with `/` (or `%2F`) between them: `motor/rpm`. A slash in a name is `~1`, a tilde is `~0`.",
            about.Path);
        section.MapRead(
                Pattern,
                async (string id, string path, HttpRequest request, TwinReader twins) =>
                    SectionPath.TryRead(request, about.Section, path, out var target, out var problem)
                        ? (IResult)await SectionReads.Handle(request, twins, id, target)
                        : problem!.ToResult())
            .Describe(
                $"Get{about.Name}Property",
                $"Read a property of {about.Section}",
                "The value of one property, whatever JSON it is. The `ETag` is the revision of the twin as a whole.",
                doc => doc
                    .With(Parameters.TwinId, path, Parameters.IfNoneMatch)
                    .Answers(200, "The value.", about.Value, null, "ETag")
                    .Answers(304, "What you have is current.", headers: "ETag")
                    .FailsOnBadId()
                    .FailsOnMissingTwin()
                    .FailsOnMissingProperty(about)
                    .FailsLikeAll());
        section.MapPut(
                Pattern,
                async (string id, string path, HttpRequest request, IGrainFactory grains) =>
                    SectionPath.TryRead(request, about.Section, path, out var target, out var problem)
                        ? (IResult)await SectionWrites.Put(request, grains, id, target)
                        : problem!.ToResult())
            .Describe(
                $"Put{about.Name}Property",
                $"Set a property of {about.Section}",
                $"The property becomes exactly the body, whatever JSON it is; null removes it. Objects on the way are made. {about.Note}",
                doc => doc
                    .With(Parameters.TwinId, path, Parameters.IfMatch)
                    .Takes(MediaTypes.Json, about.Value)
                    .AnswersWrites()
                    .FailsLikeWrites(MediaTypes.Json)
                    .FailsLikeAll());
        section.MapPatch(
                Pattern,
                async (string id, string path, HttpRequest request, IGrainFactory grains) =>
                    SectionPath.TryRead(request, about.Section, path, out var target, out var problem)
                        ? (IResult)await SectionWrites.Patch(request, grains, id, target)
                        : problem!.ToResult())
            .Describe(
                $"Patch{about.Name}Property",
                $"Change a property of {about.Section}",
                $"A merge patch (RFC 7396), or a JSON patch (RFC 6902), whose pointers start at the property. {about.Note}",
                doc => doc
                    .With(Parameters.TwinId, path, Parameters.IfMatch)
                    .Takes(MediaTypes.MergePatch, about.Value)
                    .Takes(MediaTypes.Json, about.Value)
                    .Takes(MediaTypes.JsonPatch, $$"""[{"op":"replace","path":"","value":{{about.Value}}}]""", typeof(JsonPatchOperation[]))
                    .AnswersWrites()
                    .FailsLikeJsonPatches()
                    .FailsLikeWrites(string.Join(", ", MediaTypes.Patches))
                    .FailsLikeAll());
        section.MapDelete(
                Pattern,
                async (string id, string path, HttpRequest request, IGrainFactory grains) =>
                    SectionPath.TryRead(request, about.Section, path, out var target, out var problem)
                        ? (IResult)await SectionWrites.Delete(request, grains, id, target)
                        : problem!.ToResult())
            .Describe(
                $"Delete{about.Name}Property",
                $"Remove a property of {about.Section}",
                "The property goes; the objects on the way to it stay.",
                doc => doc
                    .With(Parameters.TwinId, path, Parameters.IfMatch)
                    .AnswersRemovals("Removed.")
                    .FailsOnMissingProperty(about)
                    .FailsIfStoreIsFull()
                    .FailsLikeAll());
    }

    private static EndpointDoc FailsOnMissingProperty(this EndpointDoc doc, SectionExamples about) => doc
        .Fails(404, "property-not-found", $"twin demo:pump-1 has no property {about.Section}/{about.Path}");
}
