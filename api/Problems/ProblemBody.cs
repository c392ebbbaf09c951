using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Twins.Contracts;
using Twins.Contracts.Json;

namespace Twins.Api.Problems;

/// <summary>Spells problems as <c>application/problem+json</c> (RFC 9457).</summary>
internal static class ProblemBody
{
    /// <summary>The media type of all errors.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Answers with the problem. The headers that go with it are the caller's.</summary>
    public static async Task Write(HttpContext context, Problem problem, long? revision = null)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(body, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("type", ProblemJson.TypeOf(problem.Code));
            writer.WriteString("title", Title(problem.Status));
            writer.WriteNumber("status", problem.Status);
            writer.WriteString("detail", problem.Detail);
            writer.WriteString("instance", context.Request.PathBase.Add(context.Request.Path).ToUriComponent());
            writer.WriteString("code", problem.Code);
            if (problem.Pointer is not null)
            {
                writer.WriteString("pointer", problem.Pointer);
            }

            if (revision is { } known)
            {
                writer.WriteNumber("revision", known);
            }

            writer.WriteEndObject();
        }

        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        response.ContentLength = body.WrittenCount;
        response.Headers.CacheControl = "no-store";
        await response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    /// <summary>The short name of a status code, as RFC 9110 has it.</summary>
    public static string Title(int status) =>
        ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Error";
}
