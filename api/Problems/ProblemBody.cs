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
    public static async Task Write(HttpContext context, Problem problem, long? revision = null, IndexProgress? index = null)
    {
        var body = Render(problem, context.Request.PathBase.Add(context.Request.Path).ToUriComponent(), revision, index);
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>The problem details.</summary>
    /// <param name="problem">What was wrong.</param>
    /// <param name="instance">With what: a path of this API.</param>
    /// <param name="revision">The twin's revision, where it is told.</param>
    /// <param name="index">How far the index is, where that is what is wrong.</param>
    public static ReadOnlyMemory<byte> Render(Problem problem, string instance, long? revision = null, IndexProgress? index = null)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(body, JsonText.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("type", ProblemJson.TypeOf(problem.Code));
        writer.WriteString("title", Title(problem.Status));
        writer.WriteNumber("status", problem.Status);
        writer.WriteString("detail", problem.Detail);
        writer.WriteString("instance", instance);
        writer.WriteString("code", problem.Code);
        if (problem.Pointer is not null)
        {
            writer.WriteString("pointer", problem.Pointer);
        }

        if (revision is { } known)
        {
            writer.WriteNumber("revision", known);
        }

        if (index is not null)
        {
            writer.WriteNumber("ready", index.Ready);
            writer.WriteNumber("partitions", index.Partitions);
            writer.WriteNumber("twins", index.Twins);
        }

        writer.WriteEndObject();
        writer.Flush();
        return body.WrittenMemory;
    }

    /// <summary>The short name of a status code, as RFC 9110 has it.</summary>
    public static string Title(int status) =>
        ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Error";
}
