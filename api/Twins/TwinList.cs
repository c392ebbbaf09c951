using System.Text.Json;
using Twins.Api.Http;
using Twins.Contracts.Fleet;
using Twins.Contracts.Json;

namespace Twins.Api.Twins;

/// <summary>Answers a page of twins: <c>{"items":[…],"cursor":"…"}</c>, the documents as their grains keep them.</summary>
/// <param name="Page">The page.</param>
/// <param name="Fields">What to pick from each document; null for all of it.</param>
internal sealed record TwinList(TwinPage Page, IReadOnlyList<string[]>? Fields) : IResult, IStatusCodeHttpResult
{
    /// <inheritdoc/>
    public int? StatusCode => StatusCodes.Status200OK;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = MediaTypes.Json;
        await using (var writer = new Utf8JsonWriter(response.BodyWriter, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items"u8);
            foreach (var twin in Page.Twins)
            {
                writer.WriteRawValue(Fields is null ? twin.Document : PropertyPath.Select(twin.Document, Fields), skipInputValidation: true);
            }

            writer.WriteEndArray();
            if (Page.Next is { } next)
            {
                writer.WriteString("cursor"u8, Cursor.Encode(Cursor.Twins, next));
            }

            writer.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
