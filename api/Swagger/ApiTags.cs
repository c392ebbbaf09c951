using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Twins.Api.Swagger;

/// <summary>The groups of endpoints, in the order in which they are met.</summary>
internal sealed class ApiTags : IDocumentFilter
{
    public const string Twins = "Twins";
    public const string Tags = "Tags";
    public const string Desired = "Desired";
    public const string Reported = "Reported";
    public const string Commands = "Commands";
    public const string Events = "Events";
    public const string DeadLetters = "Dead letters";
    public const string Health = "Health";

    private static readonly string[] MethodsInOrder = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    private static readonly (string Name, string Description)[] All =
    [
        (Twins, "The documents as a whole."),
        (Tags, "What applications note about a device; it never sees it."),
        (Desired, "What applications want of a device. What of it differs from reported is sent to the device."),
        (Reported, "What the device says is so. Written here only by devices that speak HTTP."),
        (Commands, "Requests to a device that want an answer."),
        (Events, "What happens, as it happens: Server-Sent Events that carry CloudEvents."),
        (DeadLetters, "Messages that could not be applied, with their reasons."),
        (Health, "For whoever runs it."),
    ];

    /// <inheritdoc/>
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context) =>
        swaggerDoc.Tags = All.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();

    /// <summary>Sorts by group.</summary>
    public static string Order(ApiDescription description) =>
        description.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().FirstOrDefault() is { Tags: [var tag, ..] }
            ? Array.FindIndex(All, known => known.Name == tag).ToString("d2")
            : "99";

    /// <summary>Sorts by method: read, make, replace, change, remove.</summary>
    public static string MethodOrder(ApiDescription description) =>
        Array.IndexOf(MethodsInOrder, description.HttpMethod).ToString("d2");
}
