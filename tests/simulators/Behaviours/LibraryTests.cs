using CsCheck;
using Twins.Simulators.Devices;
using Twins.Simulators.Kinds;
using Twins.Simulators.Behaviours;
using Xunit;
using DeviceModel = Twins.Simulators.Behaviours.DeviceModel;

namespace Twins.Simulators.Tests.Behaviours;

public sealed class LibraryTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Kinds => [.. KindLibrary.All];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_seed_gives_the_same_values(string kind)
    {
        string[] Values(int seed, int serial)
        {
            var model = Models.Library(kind, seed, serial);
            return [.. model.Pass(TimeSpan.FromHours(3), Minute).Select(_ => model.Text())];
        }

        Assert.Equal(Values(7, 3), Values(7, 3));
        Assert.NotEqual(Values(7, 3), Values(8, 3));
        Assert.NotEqual(Values(7, 3), Values(7, 4));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_stay_numbers_whatever_the_step(string kind) =>
        Gen.Select(Gen.Int, Gen.Double[0.001, 100_000].Array[1, 50]).Sample((seed, steps) =>
        {
            var model = Models.Library(kind, seed);
            var now = Models.Start;
            foreach (var step in steps)
            {
                // The writer refuses infinities and what is not a number.
                now = now.AddSeconds(step);
                model.Advance(now);
                Assert.NotEmpty(model.Json());
            }
        }, iter: 200);

    [Fact]
    public void A_kind_says_what_it_can_be_set_to_once()
    {
        var pump = Models.Library("pump");
        var whole = pump.Json(ReportScope.Whole);
        Assert.Equal(
            ["setpoint", "enabled", "flow", "pressure", "temperature", "vibration", "motor"],
            whole.Select(static member => member.Key));
        Assert.Equal(["flow", "pressure", "temperature", "vibration", "motor"], pump.Json().Select(static member => member.Key));
        Assert.Equal(["rpm"], pump.Json()["motor"]!.AsObject().Select(static member => member.Key));
    }

    [Fact]
    public void A_pump_reaches_its_setpoint_and_stops_when_switched_off()
    {
        var pump = Models.Library("pump");
        Assert.True(pump.Take("setpoint", "80"));
        Pass(pump, Minute);
        Assert.InRange(pump.Number("flow"), 77, 83);
        Assert.True(pump.Take("enabled", "false"));
        Pass(pump, Minute * 2, Models.Start + Minute);
        Assert.InRange(pump.Number("flow"), 0, 0.5);
        Assert.InRange(pump.Number("vibration"), 0, 0.1);
    }

    [Theory]
    [InlineData("121")]
    [InlineData("-1")]
    [InlineData("\"40\"")]
    [InlineData("null")]
    [InlineData("{}")]
    public void A_setting_out_of_range_is_refused(string value)
    {
        var pump = Models.Library("pump");
        var before = pump.Text(ReportScope.Whole);
        Assert.False(pump.Take("setpoint", value));
        Assert.Equal(before, pump.Text(ReportScope.Whole));
    }

    [Fact]
    public void A_room_follows_its_setpoint_for_a_day_and_cools_when_the_heating_is_off()
    {
        var room = Models.Library("thermostat");
        Assert.True(room.Take("setpoint", "22"));
        var values = room.Pass(Day, Minute).Select(_ => (Temperature: room.Number("temperature"), Heating: room.Json()["heating"]!.GetValue<bool>())).ToList();
        Assert.All(values.Skip(30), static value => Assert.InRange(value.Temperature, 21, 23));
        Assert.Contains(values, static value => value.Heating);
        Assert.Contains(values, static value => !value.Heating);

        Assert.True(room.Take("enabled", "false"));
        Pass(room, Day, Models.Start + Day);
        Assert.InRange(room.Number("temperature"), 0, 17);
        Assert.False(room.Json()["heating"]!.GetValue<bool>());
    }

    [Fact]
    public void A_meter_never_counts_back_keeps_its_limit_and_is_busier_in_the_evening()
    {
        var meter = Models.Library("meter");
        var values = meter.Pass(Day, Minute).Select(at => (at.Hour, Power: meter.Number("power"), Energy: meter.Number("energy"))).ToList();
        Assert.All(values.Zip(values.Skip(1)), static pair => Assert.True(pair.Second.Energy >= pair.First.Energy));
        Assert.All(values, static value => Assert.InRange(value.Power, 5, 6000));
        Assert.True(Mean(19) > Mean(4) + 300, $"{Mean(19)} W in the evening, {Mean(4)} W at night");
        double Mean(int hour) => values.Where(value => value.Hour == hour).Average(static value => value.Power);

        // What it counted is what flowed.
        Assert.Equal(values.Sum(static value => value.Power) / 60 / 1000, values[^1].Energy - values[0].Energy, 0.2);
        Assert.True(meter.Take("limit", "500"));
        Pass(meter, TimeSpan.FromHours(1), Models.Start + Day);
        Assert.InRange(meter.Number("energy") - values[^1].Energy, 0.1, 0.52);
    }

    [Fact]
    public void A_truck_stays_on_its_route_and_its_odometer_says_how_far_it_came()
    {
        var truck = Models.Library("truck");
        var track = (TrackBehaviour)KindLibrary.Find("truck")!.Properties.Single(static property => property.Path == "position").Behaviour;
        var route = new Route(track.Points, closed: true);
        var dense = Enumerable.Range(0, 20_000).Select(step => route.At(route.Length * step / 20_000)).ToList();
        var (odometer, way, fuel) = (truck.Number("odometer"), 0.0, truck.Number("fuel"));
        var last = Position(truck);
        foreach (var _ in truck.Pass(TimeSpan.FromHours(2), TimeSpan.FromSeconds(10)))
        {
            var position = Position(truck);
            Assert.True(dense.Min(point => Route.Distance((point.Latitude, point.Longitude), position)) < 0.02);
            Assert.InRange(truck.Number("speed"), 0, 80);
            way += Route.Distance(last, position);
            last = position;
        }

        Assert.Equal(way, truck.Number("odometer") - odometer, 2.0);
        Assert.InRange(way, 100, 160);
        Assert.Equal(way * 0.28, (fuel - truck.Number("fuel") + 570) % 570, 1.0);
    }

    [Fact]
    public void A_parking_space_is_taken_by_day_and_mostly_free_by_night()
    {
        var spaces = Enumerable.Range(1, 200).Select(serial => Models.Library("parking", serial: serial)).ToList();
        double Taken() => spaces.Count(static space => space.Json()["occupied"]!.GetValue<bool>()) / 200.0;
        spaces.ForEach(static space => space.Advance(Models.Start));
        Pass(14);
        Assert.InRange(Taken(), 0.5, 0.9);
        Pass(29);
        Assert.InRange(Taken(), 0, 0.45);
        void Pass(int hour)
        {
            for (var minute = 0; minute <= 60; minute++)
            {
                spaces.ForEach(space => space.Advance(Models.Start.AddHours(hour - 10 + 10.0 * minute / 60)));
            }
        }
    }

    [Fact]
    public void A_fleet_without_a_file_deals_devices_out_in_turn()
    {
        var plan = KindLibrary.Plan(["pump", "truck", "meter"], 8, TimeSpan.FromSeconds(2), "acme");
        Assert.Equal([("pump", 3), ("truck", 3), ("meter", 2)], plan.Kinds.Select(static kind => (kind.Name, kind.Count)));
        Assert.All(plan.Kinds, static kind => Assert.Equal(TimeSpan.FromSeconds(2), kind.Report.Interval));
        Assert.Equal("acme", plan.Namespace);
        Assert.Single(KindLibrary.Plan(["pump", "truck"], 1, TimeSpan.FromSeconds(1), "acme").Kinds);
        Assert.Throws<ArgumentException>(() => KindLibrary.Plan(["robot"], 1, TimeSpan.FromSeconds(1), "acme"));
    }

    private static void Pass(DeviceModel model, TimeSpan span, DateTimeOffset? from = null)
    {
        foreach (var _ in model.Pass(span, TimeSpan.FromSeconds(1), from))
        {
        }
    }

    private static (double Latitude, double Longitude) Position(DeviceModel truck) =>
        (truck.Json()["position"]!["lat"]!.GetValue<double>(), truck.Json()["position"]!["lon"]!.GetValue<double>());
}
