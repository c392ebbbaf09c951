using System.Reflection;
using System.Text.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Twins.Api.Swagger;

/// <summary>States which members of an object are always there and which may be null, so that generated clients neither send nor expect anything else.</summary>
internal sealed class MemberSchemas : ISchemaFilter
{
    /// <inheritdoc/>
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { Count: > 0 } members } whole || context.MemberInfo is not null)
        {
            return;
        }

        if (context.Type.IsDefined(typeof(AnyMembersAttribute)))
        {
            whole.Required?.Clear();
        }

        foreach (var property in context.Type.GetProperties())
        {
            if (!property.IsDefined(typeof(NullIsWrittenAttribute)) && members.TryGetValue(JsonNamingPolicy.CamelCase.ConvertName(property.Name), out var member) && member is OpenApiSchema its)
            {
                its.Type &= ~JsonSchemaType.Null;
            }
        }
    }
}
