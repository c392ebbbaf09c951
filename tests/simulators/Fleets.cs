using Twins.Contracts.Topics;
using Twins.Simulators.Devices;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Tests;

/// <summary>Small fast fleets on a test broker.</summary>
internal static class Fleets
{
    /// <summary>The one device of <see cref="StartOnePumpAsync"/>.</summary>
    public const string Pump = "sim:pump-1";

    public static FleetOptions Options(TestBroker broker) => new()
    {
        Broker = broker.Address,
        Devices = 1,
        Rate = Rate.FromPerSecond(20),
        ConnectRate = Rate.FromPerSecond(1000),
        ReconnectDelay = TimeSpan.FromMilliseconds(50),
        MaximumReconnectDelay = TimeSpan.FromMilliseconds(200),
    };

    public static IReadOnlyList<ReceivedMessage> Reports(TestBroker broker) => broker.On(NativeTopics.Reported(Pump));

    public static async Task<SimulatedFleet> StartOnePumpAsync(
        TestBroker broker, MqttProtocol protocol = MqttProtocol.V5, bool sequence = false)
    {
        var fleet = new SimulatedFleet(Options(broker) with { Kinds = [DeviceKind.Pump], Protocol = protocol, Sequence = sequence });
        fleet.Start();
        await Eventually.IsTrueAsync(() => broker.Subscriptions.Contains((Pump, NativeTopics.CommandsFilter(Pump))));
        return fleet;
    }
}
