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

    /// <summary>Which twin is written as a whole, or deleted: not one of the demo, which others read.</summary>
    public static readonly ParameterDoc WrittenTwinId = TwinId with { Example = "my-pump" };

    /// <summary>What to pick.</summary>
    public static readonly ParameterDoc Fields = new(
        "fields",
        ParameterLocation.Query,
        "Only these properties, with commas between them and `/` within their paths; at most 64. For example `id,reported/motor/rpm`. A slash in a name is `~1`, or the name stands in double quotes: `tags/a~1b`, `tags/\"a/b\"`.");

    /// <summary>Which twins.</summary>
    public static readonly ParameterDoc Filter = new(
        "filter",
        ParameterLocation.Query,
        """
        What has to hold, in RQL: `eq ne gt ge lt le in like ilike exists empty stale and or not` over paths of the document. Without it: all twins. Percent-encode it in addresses. For example

        * `and(eq(connection/status,"online"),like(id,"demo:pump-*"))`
        * `or(lt(reported/battery,20),not(exists(reported/battery)))`
        * `lt(connection/lastSeen,time:now-15m)`, `stale(reported/temperature,"10m")`, `exists(delta/setpoint)`
        """,
        Examples.Filter);

    /// <summary>In which order.</summary>
    public static readonly ParameterDoc Sort = new(
        "sort",
        ParameterLocation.Query,
        "Up to 4 paths with commas between them, `-` in front for the greatest first: `tags/site,-reported/temperature`. What has nothing there comes last; equals are in the order of their ids.",
        "tags/site,-reported/temperature");

    /// <summary>What twins of one group have in common.</summary>
    public static readonly ParameterDoc Group = new(
        "group",
        ParameterLocation.Query,
        "Up to 4 paths with commas between them: twins with the same values there are one group. Without it: one group of all.",
        "tags/site");

    /// <summary>What is added up.</summary>
    public static readonly ParameterDoc Measure = new(
        "measure",
        ParameterLocation.Query,
        "Up to 16 of `count`, `count(path)`, `sum(path)`, `avg(path)`, `min(path)`, `max(path)`, with commas between them; `count` by default.",
        "count,avg(reported/temperature),max(reported/temperature)");

    /// <summary>What a query must have seen.</summary>
    public static readonly ParameterDoc RevisionToken = new(
        "Revision-Token",
        ParameterLocation.Header,
        "What answers to writes had there, like `demo:pump-1@43`; up to 16 with commas between them. The answer has seen these writes.");

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
        "ETags that you have, like `W/\"42\"`; answered with 304 and no body while one of them is current.");

    /// <summary>Only if it has not changed.</summary>
    public static readonly ParameterDoc IfMatch = new(
        "If-Match",
        ParameterLocation.Header,
        "ETags like `W/\"42\"` or `\"42\"`, or `*`: write only if the twin is still at one of these revisions (or there at all), else 412.");

    /// <summary>Only if it is new.</summary>
    public static readonly ParameterDoc IfAbsent = new(
        "If-None-Match",
        ParameterLocation.Header,
        "`*`: write only if there is no such twin yet, else 412.");

    /// <summary>What live events and watches are about.</summary>
    public static readonly ParameterDoc LiveFilter = new(
        "filter",
        ParameterLocation.Query,
        "An RQL filter over the twin's document as it is after an event, like `and(eq(tags/site,\"rotterdam\"),gt(reported/motor/rpm,1400))`; without one, all twins.",
        "and(eq(tags/site,\"rotterdam\"),gt(reported/motor/rpm,1400))");

    /// <summary>Which events.</summary>
    public static readonly ParameterDoc Kinds = new(
        "kinds",
        ParameterLocation.Query,
        "Only these kinds of events, with commas between them, like `created,deleted`.");

    /// <summary>Resuming a stream.</summary>
    public static readonly ParameterDoc LastEventId = new(
        "Last-Event-ID",
        ParameterLocation.Header,
        "The id of the last event that was received: the stream goes on behind it. Browsers send it by themselves when they reconnect.");
}
