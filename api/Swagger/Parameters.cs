using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Twins.Api.Http;

namespace Twins.Api.Swagger;

/// <summary>Parameters that many endpoints have.</summary>
internal static class Parameters
{
    /// <summary>Which twin.</summary>
    public static readonly ParameterDoc TwinId = new(
        "id",
        ParameterLocation.Path,
        "The twin's id: a letter or digit, then up to 127 letters, digits, `.`, `_`, `-` and `:`. What stands before the first `:` is its namespace.",
        "demo:pump-1",
        Format: schema =>
        {
            schema.Pattern = "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$";
            schema.MaxLength = 128;
        });

    /// <summary>What to pick.</summary>
    public static readonly ParameterDoc Fields = new(
        "fields",
        ParameterLocation.Query,
        "Only these properties, with commas between them and `/` within their paths; at most 64. For example `id,reported/motor/rpm`.");

    /// <summary>How many.</summary>
    public static readonly ParameterDoc Limit = new(
        "limit",
        ParameterLocation.Query,
        $"How many items a page has: 1 to {PageLimit.Max}.",
        Type: JsonSchemaType.Integer,
        Format: schema =>
        {
            schema.Minimum = "1";
            schema.Maximum = PageLimit.Max.ToString();
            schema.Default = JsonValue.Create(PageLimit.Default);
        });

    /// <summary>Where to start.</summary>
    public static readonly ParameterDoc PageCursor = new(
        "cursor",
        ParameterLocation.Query,
        "The `cursor` of the page before, unchanged; leave it out for the first page.");

    /// <summary>Only if it has changed.</summary>
    public static readonly ParameterDoc IfNoneMatch = new(
        "If-None-Match",
        ParameterLocation.Header,
        "ETags that you have, like `\"42\"`; answered with 304 and no body while one of them is current.");

    /// <summary>Only if it has not changed.</summary>
    public static readonly ParameterDoc IfMatch = new(
        "If-Match",
        ParameterLocation.Header,
        "ETags like `\"42\"`, or `*`: write only if the twin is still at one of these revisions (or there at all), else 412.");

    /// <summary>Only if it is new.</summary>
    public static readonly ParameterDoc IfAbsent = new(
        "If-None-Match",
        ParameterLocation.Header,
        "`*`: write only if there is no such twin yet, else 412.");

    /// <summary>Resuming a stream.</summary>
    public static readonly ParameterDoc LastEventId = new(
        "Last-Event-ID",
        ParameterLocation.Header,
        "The id of the last event that was received: the stream goes on behind it. Browsers send it by themselves when they reconnect.");
}
