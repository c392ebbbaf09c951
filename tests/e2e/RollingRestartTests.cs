using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Silos come and go under load, and nobody gets an answer to which there is nothing to say.</summary>
public sealed class RollingRestartTests : OwningTest
{
    private Cluster? _cluster;

    public override ValueTask InitializeAsync()
    {
        Require.Components(Component.Redis);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_rolling_restart_loses_nothing_and_every_answer_can_be_repeated()
    {
        _cluster = Ours(await Cluster.Start(silos: 3));
        var applications = Ours(RestLoad.Start(_cluster.Rest, applications: 8));
        var devices = _cluster.Silos.Select((silo, number) => Ours(Load.Start(_cluster.Rest, silo.Settings.MqttPort, [1, 8, 32], name: $"on-{number}"))).ToArray();
        await Task.WhenAll(devices.Select(load => load.GoesOn(100)));
        await applications.GoesOn();

        for (var number = 0; number < _cluster.Silos.Count; number++)
        {
            await _cluster.Restart(number);

            // The devices of the silo that has come back as well.
            await Task.WhenAll(devices.Select(load => load.GoesOn()));
            await applications.GoesOn();
        }

        foreach (var load in devices)
        {
            await load.Finish();
            await load.Ledger.Check(_cluster.Rest, TimeSpan.Zero);
            load.Ledger.AssertClean();
        }

        await applications.FinishClean();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{applications.Answers} requests answered, {applications.Refused} to be repeated; {devices.Sum(load => load.Ledger.Acknowledged)} messages acknowledged");
    }
}
