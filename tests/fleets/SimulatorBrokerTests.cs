using Twins.Tests.Harness;

namespace Twins.Fleets.Tests;

/// <summary>The simulator against a broker that knows nothing of the platform.</summary>
public sealed class SimulatorBrokerTests : IAsyncLifetime
{
    private MosquittoProcess _broker = null!;

    /// <summary>Every example: one that is added is tested too.</summary>
    public static TheoryData<string> Examples() => [.. SimulatorExamples.All];

    public async ValueTask InitializeAsync()
    {
        Require.Components(Component.Mosquitto, Component.MosquittoSub);
        _broker = await MosquittoProcess.Start();
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_runs_against_a_plain_broker(string example)
    {
        await using var listener = await MosquittoSub.Start(_broker.Port, "twins/+/reported/#");

        var end = await Simulator.RunFleet(
            Path.Combine(Simulator.Examples, example), _broker.Port, SimulatorExamples.Pace(example));

        end.Expect(0);
        var devices = (int)end.Json["devices"]!;
        Assert.Equal(devices, (int)end.Json["connected"]!);
        Assert.Equal(0, (int)end.Json["unacknowledged"]!);
        // What was acknowledged to a device is on its way to who has subscribed.
        await Eventually.Is(
            () => listener.Inbox.All.Count >= (int)end.Json["readings"]!, $"{end.Json["readings"]} reports to come out of the broker");
        Assert.Equal(devices, listener.Inbox.All.Select(message => message.Topic.Split('/')[1]).Distinct(StringComparer.Ordinal).Count());
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}
