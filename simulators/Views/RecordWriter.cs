using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Twins.Simulators.Recording;

namespace Twins.Simulators.Views;

/// <summary>Writes what was recorded, for people or for programs.</summary>
internal static class RecordWriter
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>How far it is, in a line.</summary>
    public static string Line(RecordSnapshot now) =>
        $"{Count(now.Messages, "message")} of {Count(now.Devices, "device")}, {Count(now.Columns, "property", "properties")}"
        + (now.Skipped > 0 ? $", {Figures.Count(now.Skipped)} skipped" : "")
        + (now.LostConnections > 0 ? $", {Count(now.LostConnections, "connection")} lost" : "");

    public static void Write(RecordSnapshot end, RecordOptions options, bool json, Surface surface)
    {
        if (json)
        {
            surface.Out.WriteLine(JsonSerializer.Serialize(end, Json));
        }
        else if (end.Messages > 0)
        {
            surface.ForTables().WriteLine($"{Line(end)}, over {Figures.Time(end.Last!.Value - end.First!.Value)}, in {options.File}. Play it with: replay {options.File}");
        }

        if (end.Messages == 0)
        {
            surface.Error.WriteLine(options.Source == RecordSource.Devices
                ? $"nothing was recorded: no device published to {options.Connection.Broker}; on the platform's gateway use --source events"
                : $"nothing was recorded: no device reported anything to {options.Connection.Broker}");
        }
    }

    private static string Count(long count, string one, string? many = null) =>
        $"{Figures.Count(count)} {(count == 1 ? one : many ?? one + "s")}";
}
