using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Twins.Api.Http;

namespace Twins.Api.Swagger;

/// <summary><c>/swagger</c>: the description of the API, and a page to try it.</summary>
internal static class SwaggerSetup
{
    private const string Version = "v1";

    private const string Description =
        """
        Devices speak MQTT; every device has a *twin*, a live and durable document that is read, written, watched and commanded here.

        **Try it** with the twin `demo:pump-1`: start with `--demo`, or make it with `PUT /twins/demo:pump-1`. The examples that write or delete a whole twin use `my-pump`. A stream is shown here as far as it comes within five seconds.

        * Times are RFC 3339 in UTC, with milliseconds. Bodies are JSON in UTF-8; a body may have 1 MiB.
        * Every twin has a *revision*; it is the `ETag` of what is read. Send it back as `If-Match` to write only onto what you know, as `If-None-Match` to read only what is new.
        * A write that is answered 2xx is durable, and every later read sees it. A query over the fleet (`filter`, `sort`, counts, sums) sees it at once if it sends back the `Revision-Token` of the write.
        * Errors are `application/problem+json` (RFC 9457). Compare their `code`; show their `detail` to people.
        """;

    /// <summary>The page shows an answer when it is complete, which a stream never is: it is read for five seconds.</summary>
    private const string ShowStartOfStreams =
        """
        (request) => {
          if ((request.headers?.Accept ?? request.headers?.accept ?? '').includes('text/event-stream')) {
            request.userFetch = async (url, options) => {
              const abort = new AbortController();
              const answer = await fetch(url, { ...options, signal: abort.signal });
              if (!answer.ok) {
                return answer;
              }
              setTimeout(() => abort.abort(), 5000);
              const text = new TextDecoder();
              let read = '';
              try {
                for await (const part of answer.body) {
                  read += text.decode(part, { stream: true });
                }
              } catch {
                // The five seconds are over.
              }
              return Object.defineProperty(new Response(read, answer), 'url', { value: answer.url });
            };
          }
          return request;
        }
        """;

    /// <summary>Adds the generator of the description.</summary>
    public static void AddTwinsSwagger(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc(Version, new OpenApiInfo
            {
                Title = "Twins",
                Version = Version,
                Description = Description,
                License = new OpenApiLicense { Name = "Apache 2.0", Url = new Uri("https://www.apache.org/licenses/LICENSE-2.0") },
            });
            swagger.AddServer(new OpenApiServer { Url = "/", Description = "Where this description is served." });

            // HEAD is GET without a body; it would only double the page.
            swagger.DocInclusionPredicate((_, description) => !HttpMethods.IsHead(description.HttpMethod ?? string.Empty));
            swagger.OrderActionsBy(description => ApiTags.Order(description) + description.RelativePath + ApiTags.MethodOrder(description));
            swagger.CustomOperationIds(description => description.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().FirstOrDefault()?.EndpointName);
            swagger.SupportNonNullableReferenceTypes();
            swagger.NonNullableReferenceTypesAsRequired();
            swagger.CustomSchemaIds(SchemaId);
            swagger.MapType<RawJson>(() => new OpenApiSchema { Description = "Any JSON." });
            swagger.MapType<JsonObject>(() => new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() });
            swagger.IncludeXmlComments(Assembly.GetExecutingAssembly());
            swagger.SchemaFilter<MemberSchemas>();
            swagger.OperationFilter<DocumentedOperations>();
            swagger.DocumentFilter<ApiTags>();
        });
    }

    /// <summary>
    /// Serves the description and the page. Both compare every path they see with patterns; a read of a twin must
    /// not pay for that.
    /// </summary>
    public static void UseTwinsSwagger(this WebApplication app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase),
        swagger =>
        {
            swagger.UseSwagger();
            swagger.UseSwaggerUI(page =>
            {
                page.SwaggerEndpoint($"{Version}/swagger.json", "Twins");
                page.DocumentTitle = "Twins";
                page.DisplayOperationId();
                page.DisplayRequestDuration();
                page.EnableTryItOutByDefault();
                page.EnableDeepLinking();
                page.DefaultModelsExpandDepth(0);
                page.UseRequestInterceptor(ShowStartOfStreams);
            });
        });

    /// <summary>Types that only describe carry a suffix that readers need not see.</summary>
    private static string SchemaId(Type type) => type.Name
        .Replace("Document", string.Empty, StringComparison.Ordinal)
        .Replace("Resource", string.Empty, StringComparison.Ordinal);
}
