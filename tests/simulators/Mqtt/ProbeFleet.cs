using System.Collections.Concurrent;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Tests.Mqtt;

/// <summary>An engine with probes for devices, and what it said of trouble.</summary>
internal sealed class ProbeFleet : IAsyncDisposable
{
    /// <param name="options">Where to.</param>
    /// <param name="shared">How many devices share one connection.</param>
    /// <param name="start">Whether to start at once.</param>
    public ProbeFleet(FleetOptions options, int shared = 1, bool start = true)
    {
        Engine = new FleetEngine(options with { OnTrouble = Said.Enqueue });
        Devices = [.. Enumerable.Range(1, shared).Select(number => new ProbeDevice($"sim:probe-{number}"))];
        Sessions = Engine.AddShared(Devices);
        if (start)
        {
            Engine.Start();
        }
    }

    public FleetEngine Engine { get; }

    public IReadOnlyList<ProbeDevice> Devices { get; }

    public IReadOnlyList<DeviceSession> Sessions { get; }

    public ProbeDevice Device => Devices[0];

    public DeviceSession Session => Sessions[0];

    public ConcurrentQueue<string> Said { get; } = new();

    /// <summary>Options that do not let a test wait.</summary>
    public static FleetOptions Quick(BrokerAddress broker) => new()
    {
        Broker = broker,
        ConnectRate = Rate.FromPerSecond(1000),

        // A test that lets fake time pass must not end an attempt that is under way in real time.
        ConnectTimeout = TimeSpan.FromHours(1),
        ReconnectDelay = TimeSpan.FromMilliseconds(20),
        MaximumReconnectDelay = TimeSpan.FromMilliseconds(50),
        DrainTimeout = TimeSpan.FromSeconds(5),
    };

    public async ValueTask DisposeAsync()
    {
        await Engine.StopAsync(new CancellationToken(canceled: true));
        Engine.Dispose();
    }
}
