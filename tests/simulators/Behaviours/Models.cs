using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Twins.Simulators.Devices;
using Twins.Simulators.Fleet;
using Twins.Simulators.Kinds;
using Twins.Simulators.Plans;
using DeviceModel = Twins.Simulators.Behaviours.DeviceModel;

namespace Twins.Simulators.Tests.Behaviours;

/// <summary>Devices of kinds, and what they say.</summary>
internal static class Models
{
    /// <summary>A Thursday.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static KindPlan Kind(string properties) => FleetFile.Parse(
        "test.yaml", $"kinds:\n  thing:\n    properties:\n{string.Join('\n', properties.Split('\n').Select(line => "      " + line))}\n").Kinds[0];

    public static DeviceModel Make(KindPlan kind, int seed = 1, int serial = 1, DateTimeOffset? start = null) =>
        new(kind, serial, Seeds.Random(seed, serial, Seeds.Values), start ?? Start);

    public static DeviceModel Of(string properties, int seed = 1) => Make(Kind(properties), seed);

    public static DeviceModel Library(string kind, int seed = 1, int serial = 1) => Make(KindLibrary.Find(kind)!, seed, serial);

    public static JsonObject Json(this DeviceModel model, ReportScope scope = ReportScope.Measured) =>
        JsonNode.Parse(model.Text(scope))!.AsObject();

    public static string Text(this DeviceModel model, ReportScope scope = ReportScope.Measured) =>
        Encoding.UTF8.GetString(JsonText.Object((model, scope), static (writer, it) => it.model.Write(writer, it.scope)));

    public static double Number(this DeviceModel model, string name) => model.Json()[name]!.GetValue<double>();

    public static bool Take(this DeviceModel model, string name, string value)
    {
        using var json = JsonDocument.Parse(value);
        return model.TryTake(name, json.RootElement);
    }

    /// <summary>Lets time pass in steps, and gives the moments at their ends.</summary>
    public static IEnumerable<DateTimeOffset> Pass(this DeviceModel model, TimeSpan span, TimeSpan step, DateTimeOffset? from = null)
    {
        var start = from ?? Start;
        for (var at = start + step; at <= start + span; at += step)
        {
            model.Advance(at);
            yield return at;
        }
    }
}
