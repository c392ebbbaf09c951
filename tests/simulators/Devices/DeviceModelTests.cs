using System.Text;
using System.Text.Json;
using CsCheck;
using Twins.Simulators.Devices;
using Twins.Simulators.Fleet;
using Twins.Simulators.LegacyModels;
using Xunit;

namespace Twins.Simulators.Tests;

public sealed class DeviceModelTests
{
    public static TheoryData<string> Kinds => [.. DeviceKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_seed_gives_the_same_values(string kind)
    {
        Assert.Equal(Values(kind, seed: 7, device: 3), Values(kind, seed: 7, device: 3));
        Assert.NotEqual(Values(kind, seed: 7, device: 3), Values(kind, seed: 8, device: 3));
        Assert.NotEqual(Values(kind, seed: 7, device: 3), Values(kind, seed: 7, device: 4));
    }

    [Fact]
    public void A_seed_gives_the_same_values_in_every_version()
    {
        var model = new ThermostatModel(Seeds.Random(1, 0, Seeds.Values));
        model.Step(1);
        Assert.Equal(
            """{"temperature":16.73,"humidity":44.8,"heating":true,"battery":96.2}""",
            Write(model));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_stay_numbers_whatever_the_step(string kind) =>
        Gen.Select(Gen.Int, Gen.Double[0.001, 100_000].Array[1, 50]).Sample((seed, steps) =>
        {
            var model = Create(kind, seed, 0);
            foreach (var step in steps)
            {
                model.Step(step);

                // The writer refuses infinities and what is not a number.
                using var values = JsonDocument.Parse(Write(model));
                Assert.Equal(JsonValueKind.Object, values.RootElement.ValueKind);
            }
        });

    [Fact]
    public void A_pump_reaches_its_setpoint_and_stops_when_switched_off()
    {
        var pump = Create("pump", 1, 0);
        Take(pump, "setpoint", "80");
        Pass(pump, 60);
        Assert.InRange(Number(pump, "flow"), 77, 83);
        Take(pump, "enabled", "false");
        Pass(pump, 120);
        Assert.InRange(Number(pump, "flow"), 0, 0.5);
    }

    [Fact]
    public void A_room_is_heated_to_the_setpoint()
    {
        var thermostat = Create("thermostat", 1, 0);
        Take(thermostat, "setpoint", "25");
        Pass(thermostat, 1200);
        Assert.InRange(Number(thermostat, "temperature"), 24, 26);
    }

    [Fact]
    public void A_meter_keeps_its_limit_and_counts_up()
    {
        var meter = Create("meter", 1, 0);
        Take(meter, "limit", "500");
        var before = Number(meter, "energy");
        Pass(meter, 3600);
        Assert.InRange(Number(meter, "power"), 5, 500);
        Assert.InRange(Number(meter, "energy") - before, 0.1, 0.501);
    }

    [Theory]
    [InlineData("121")]
    [InlineData("-1")]
    [InlineData("\"40\"")]
    [InlineData("null")]
    [InlineData("{}")]
    public void A_setting_out_of_range_is_refused(string value)
    {
        var pump = Create("pump", 1, 0);
        using var json = JsonDocument.Parse(value);
        Assert.False(pump.Settings.Single(setting => setting.Name == "setpoint").TryTake(json.RootElement));
    }

    private static DeviceModel Create(string kind, int seed, int device) =>
        DeviceKind.All.Single(candidate => candidate.Name == kind).Create(Seeds.Random(seed, device, Seeds.Values));

    private static string Values(string kind, int seed, int device)
    {
        var model = Create(kind, seed, device);
        var all = new StringBuilder();
        for (var step = 0; step < 100; step++)
        {
            model.Step(1);
            all.AppendLine(Write(model));
        }

        return all.ToString();
    }

    private static void Pass(DeviceModel model, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            model.Step(1);
        }
    }

    private static void Take(DeviceModel model, string setting, string value)
    {
        using var json = JsonDocument.Parse(value);
        Assert.True(model.Settings.Single(candidate => candidate.Name == setting).TryTake(json.RootElement));
    }

    private static double Number(DeviceModel model, string name)
    {
        using var values = JsonDocument.Parse(Write(model));
        return values.RootElement.GetProperty(name).GetDouble();
    }

    private static string Write(DeviceModel model) =>
        Encoding.UTF8.GetString(JsonText.Object(model, static (writer, model) => model.WriteValues(writer)));
}
