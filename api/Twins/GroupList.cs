using System.Globalization;
using System.Text.Json;
using Twins.Api.Http;
using Twins.Contracts.Fleet;
using Twins.Contracts.Json;
using Twins.Contracts.Query;

namespace Twins.Api.Twins;

/// <summary>
/// Answers what twins add up to: <c>{"groups":[{"group":{"tags/site":"rotterdam"},"measures":{"avg(reported/temp)":21.5,"count":12}}]}</c>.
/// </summary>
/// <param name="Groups">In the order of their keys.</param>
/// <param name="Paths">What was grouped by.</param>
/// <param name="Measures">What was added up.</param>
internal sealed record GroupList(TwinGroup[] Groups, QueryPath[] Paths, Measure[] Measures) : IResult, IStatusCodeHttpResult
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
            writer.WriteStartArray("groups"u8);
            foreach (var group in Groups)
            {
                Write(writer, group);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    private void Write(Utf8JsonWriter writer, TwinGroup group)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("group"u8);
        for (var i = 0; i < Paths.Length; i++)
        {
            if (IsTold(group.Keys[i]))
            {
                writer.WritePropertyName(Paths[i].Key);
                Write(writer, group.Keys[i]);
            }
        }

        writer.WriteEndObject();
        WriteOther(writer, group);
        writer.WriteStartObject("measures"u8);
        for (var i = 0; i < Measures.Length; i++)
        {
            writer.WritePropertyName(Measures[i].Text);
            Write(writer, Measures[i].Kind, group.Figures[i]);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Names what has values that are all alike here and could not be told as one: neither a value nor null would be true.</summary>
    private void WriteOther(Utf8JsonWriter writer, TwinGroup group)
    {
        if (Array.TrueForAll(group.Keys, IsTold))
        {
            return;
        }

        writer.WriteStartArray("other"u8);
        for (var i = 0; i < Paths.Length; i++)
        {
            if (!IsTold(group.Keys[i]))
            {
                writer.WriteStringValue(Paths[i].Key);
            }
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, MeasureKind kind, GroupFigure figure)
    {
        switch (kind)
        {
            case MeasureKind.Count:
                writer.WriteNumberValue(figure.Count);
                break;
            case MeasureKind.Sum or MeasureKind.Avg:
                var number = kind == MeasureKind.Sum ? figure.Sum : figure.Sum / figure.Count;
                Write(writer, figure.Count == 0 ? SortValue.Missing : new SortValue(SortValueKind.Number, number));
                break;
            default:
                Write(writer, figure.Extreme);
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, SortValue value)
    {
        switch (value.Kind)
        {
            case SortValueKind.False or SortValueKind.True:
                writer.WriteBooleanValue(value.Kind == SortValueKind.True);
                break;
            case SortValueKind.Number when double.IsFinite(value.Number):
                Write(writer, QueryNumber.Of(value.Number, value.Remainder));
                break;
            case SortValueKind.Time:
                writer.WriteStringValue(UtcTime.ToText(DateTimeOffset.FromUnixTimeMilliseconds((long)value.Number)));
                break;
            case SortValueKind.Text:
                writer.WriteStringValue(value.Text);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    /// <summary>Writes a number so that a filter with it finds it: of an integer beyond 2^53 all digits.</summary>
    private static void Write(Utf8JsonWriter writer, QueryNumber number)
    {
        if (Math.Abs(number.Nearest) >= 1L << 53 && number.TryInteger(out var integer))
        {
            writer.WriteRawValue(integer.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteNumberValue(number.Nearest);
        }
    }

    /// <summary>Objects and arrays are one group each path; so are numbers that are more than a double holds.</summary>
    private static bool IsTold(SortValue value) =>
        value.Kind != SortValueKind.Other && (value.Kind != SortValueKind.Number || double.IsFinite(value.Number));
}
