using System.Text.Json;
using Twins.Api.Http;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;

namespace Twins.Api.Twins;

/// <summary>Answers a page of twins: <c>{"items":[…],"cursor":"…"}</c>, the documents as their grains keep them.</summary>
/// <param name="Twins">What is on the page.</param>
/// <param name="Next">The token of the next page; null on the last.</param>
/// <param name="Fields">What to pick from each document; null for all of it.</param>
internal sealed record TwinList(TwinView[] Twins, string? Next, IReadOnlyList<string[]>? Fields) : IResult, IStatusCodeHttpResult
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
            foreach (var twin in Twins)
            {
                writer.WriteRawValue(Fields is null ? twin.Document : PropertyPath.Select(twin.Document, Fields), skipInputValidation: true);
            }

            writer.WriteEndArray();
            if (Next is not null)
            {
                writer.WriteString("cursor"u8, Next);
            }

            writer.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
