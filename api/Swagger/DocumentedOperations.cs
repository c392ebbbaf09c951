using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using Twins.Api.Http;
using Twins.Api.Problems;

namespace Twins.Api.Swagger;

/// <summary>Puts an endpoint's <see cref="EndpointDoc"/> into its operation.</summary>
internal sealed class DocumentedOperations : IOperationFilter
{
    private static readonly Dictionary<string, string> HeaderDescriptions = new(StringComparer.Ordinal)
    {
        ["ETag"] = "The twin's revision as a weak ETag, like `W/\"42\"`.",
        ["Revision-Token"] = "Names the write, like `demo:pump-1@43`. A query that sends it back sees the write.",
        ["Location"] = "Where to read it.",
        ["Content-Location"] = "Where to read it again.",
        ["Preference-Applied"] = "`respond-async`.",
        ["Retry-After"] = "After how many seconds a new attempt makes sense.",
        ["Accept-Encoding"] = "The content codings that are supported.",
        ["Accept"] = "The content types that are taken (`Accept-Patch` on PATCH).",
    };

    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<EndpointDoc>().FirstOrDefault() is not { } doc)
        {
            return;
        }

        // The XML comments of the handlers are for who reads the code; the endpoint's own words are for who calls it.
        operation.Summary = metadata.OfType<IEndpointSummaryMetadata>().First().Summary;
        operation.Description = metadata.OfType<IEndpointDescriptionMetadata>().First().Description;
        operation.Parameters = [.. doc.Parameters.Select(Parameter)];
        operation.RequestBody = doc.Requests.Count == 0 ? null : new OpenApiRequestBody
        {
            Required = !doc.BodyOptional,
            Content = doc.Requests.ToDictionary(
                request => request.ContentType,
                IOpenApiMediaType (request) => new OpenApiMediaType
                {
                    Schema = Schema(request.Schema, context),
                    Example = JsonNode.Parse(request.Example),
                },
                StringComparer.Ordinal),
        };

        operation.Security = [];
        operation.Responses = [];
        foreach (var answers in doc.Responses.GroupBy(answer => answer.Status))
        {
            operation.Responses[answers.Key.ToString()] = Response([.. answers], context);
        }
    }

    private static IOpenApiParameter Parameter(ParameterDoc doc)
    {
        var schema = new OpenApiSchema { Type = doc.Type };
        doc.Format?.Invoke(schema);
        return new OpenApiParameter
        {
            Name = doc.Name,
            In = doc.In,
            Description = doc.Description,
            Required = doc.In == ParameterLocation.Path,
            Schema = schema,
            Example = doc.Example is null ? null : JsonValue.Create(doc.Example),
        };
    }

    /// <summary>A status that has several reasons shows an example of each.</summary>
    private static OpenApiResponse Response(ResponseDoc[] answers, OperationFilterContext context)
    {
        var first = answers[0];
        var response = new OpenApiResponse
        {
            Description = first.Description,
            Headers = answers.SelectMany(answer => answer.Headers).Distinct(StringComparer.Ordinal).ToDictionary(
                name => name,
                IOpenApiHeader (name) => new OpenApiHeader
                {
                    Description = HeaderDescriptions[name],
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                },
                StringComparer.Ordinal),
        };
        if (first.Example is null)
        {
            return response;
        }

        var media = new OpenApiMediaType { Schema = Schema(first.Schema, context) };
        if (answers.Length == 1)
        {
            media.Example = Example(first);
        }
        else
        {
            media.Examples = answers.ToDictionary(
                answer => JsonNode.Parse(answer.Example!)!["code"]!.GetValue<string>(),
                IOpenApiExample (answer) => new OpenApiExample { Value = Example(answer) },
                StringComparer.Ordinal);
        }

        response.Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal) { [first.ContentType] = media };
        return response;
    }

    private static JsonNode Example(ResponseDoc answer) =>
        answer.ContentType is MediaTypes.Json or ProblemBody.ContentType
            ? JsonNode.Parse(answer.Example!)!
            : JsonValue.Create(answer.Example!);

    private static IOpenApiSchema Schema(Type? type, OperationFilterContext context) =>
        type is null ? new OpenApiSchema() : context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);
}
