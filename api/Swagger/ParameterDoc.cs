using Microsoft.OpenApi;

namespace Twins.Api.Swagger;

/// <summary>A parameter of an endpoint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">Where it stands.</param>
/// <param name="Description">What it means, its unit, its range and its default.</param>
/// <param name="Example">A value that works against the demo twin; null where an empty one is the better start.</param>
/// <param name="Type">Its JSON type.</param>
/// <param name="Format">Its format, limits and pattern.</param>
internal sealed record ParameterDoc(
    string Name,
    ParameterLocation In,
    string Description,
    string? Example = null,
    JsonSchemaType Type = JsonSchemaType.String,
    Action<OpenApiSchema>? Format = null);
