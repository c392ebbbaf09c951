using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Tests;

/// <summary>Small fast fleets on a test broker.</summary>
internal static class Fleets
{
    /// <summary>The one device of <see cref="StartOnePumpAsync"/>.</summary>
    public const string Pump = "sim:pump-1";

    public static FleetOptions Options(TestBroker broker) => new()
    {
        Broker = broker.Address,
        ConnectRate = Rate.FromPerSecond(1000),
        ReconnectDelay = TimeSpan.FromMilliseconds(50),
        MaximumReconnectDelay = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>Pumps of the fake model that report twenty times a second.</summary>
    public static KindPlan Pumps(int count = 1) => new()
    {
        Name = "pump",
        Count = count,
        Properties = [new PropertyPlan("flow"), new PropertyPlan("motor/rpm"), new PropertyPlan("setpoint")],
        Report = new ReportPlan { Interval = TimeSpan.FromMilliseconds(50) },
    };

    public static FleetPlan Plan(params KindPlan[] kinds) => new() { Name = "test", Kinds = kinds };

    /// <summary>A fleet of fake devices.</summary>
    public static SimulatedFleet Of(FleetOptions options, FleetPlan plan) =>
        new(options, plan, static (_, serial, random, _) => new FakeModel(serial, random));

    /// <summary>So many pumps, reporting twenty times a second.</summary>
    public static SimulatedFleet Of(FleetOptions options, int pumps = 1) => Of(options, Plan(Pumps(pumps)));

    public static IReadOnlyList<ReceivedMessage> Reports(TestBroker broker, string id = Pump) => broker.On(NativeTopics.Reported(id));

    public static async Task<SimulatedFleet> StartOnePumpAsync(
        TestBroker broker, MqttProtocol protocol = MqttProtocol.V5, bool sequence = false, KindPlan? kind = null)
    {
        var fleet = Of(Options(broker) with { Protocol = protocol, Sequence = sequence }, Plan(kind ?? Pumps()));
        fleet.Start();
        await Eventually.IsTrueAsync(() => broker.Subscriptions.Contains((Pump, NativeTopics.CommandsFilter(Pump))));
        return fleet;
    }
}
