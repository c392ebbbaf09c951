using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>
/// Under a load that does not stop, what the platform hangs on dies or is restarted, again and again on the same data:
/// nothing that was acknowledged is lost, no twin goes backwards, and the load goes on.
/// </summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const int SuiteRounds = 3;

    /// <summary>As soon as something has changed, if not before it is acknowledged: docs/brokers.md.</summary>
    private const string SavesAtOnce = """
        autosave_on_changes true
        autosave_interval 1
        max_queued_messages 0
        max_inflight_messages 0
        """;

    /// <summary>Some wait for each acknowledgement, others send ahead.</summary>
    private static readonly int[] s_windows = [1, 1, 1, 20, 20, 20];

    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(1);

    private Platform? _platform;
    private Load? _load;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task Kills_of_the_silo_lose_nothing(Store store)
    {
        Require.StoreServer(store);
        _platform = await Platform.Start(store, broker: false);
        await Repeat($"silo on {store}, kill -9", Link.Gateway, async () =>
        {
            await _load!.HoldFrom(_platform.Twins.Kill);
            await _platform.StartAgain();
        });
    }

    [Fact]
    public async Task Kills_of_Redis_lose_nothing()
    {
        Require.Components(Component.Redis);
        _platform = await Platform.Start(Store.Redis, broker: false);
        await Repeat("redis, kill -9", Link.Gateway, async () =>
        {
            await _load!.HoldFrom(_platform.Redis!.Kill);
            await _platform.Redis.StartAgain();
        });
    }

    [Fact]
    public async Task Restarts_of_the_broker_lose_nothing()
    {
        Require.Components(Component.Mosquitto);
        _platform = await Platform.Start(Store.Embedded, broker: true);
        await Repeat("mosquitto, SIGTERM", Link.Broker, async () =>
        {
            await _load!.HoldFrom(_platform.Broker!.Stop);
            await _platform.Broker.StartAgain();
        });
    }

    [Fact]
    public async Task Kills_of_the_broker_lose_nothing_that_it_had_saved()
    {
        Require.Components(Component.Mosquitto, Component.MosquittoPub);
        _platform = await Platform.Start(Store.Embedded, broker: true, SavesAtOnce);
        IReadOnlyList<(LedgerPage Page, int[] Promised)> saved = [];
        await Repeat(
            "mosquitto, kill -9",
            Link.Broker,
            async () =>
            {
                saved = _load!.Ledger.Now();
                await _platform.Broker!.Saved();
                await _load.HoldFrom(_platform.Broker.Kill);
                await _platform.Broker.StartAgain();
            },
            async () =>
            {
                await BrokerHasCaughtUp();
                await _load!.Ledger.CheckSaved(_platform.Rest, saved, Eventually.Deadline, s_moment);
            });
    }

    public async ValueTask DisposeAsync()
    {
        if (_load is not null)
        {
            await _load.DisposeAsync();
        }

        if (_platform is not null)
        {
            TestOutput.ShowIfFailed(_platform.Twins);
            await _platform.DisposeAsync();
        }
    }

    /// <summary>
    /// Rounds of load, a fault, and a look at what is there before the load overwrites it.
    /// </summary>
    /// <param name="fault">Ends something, holds the load while nothing can be acknowledged, and starts it again.</param>
    /// <param name="look">Looks what is there, where not everything has to be.</param>
    private async Task Repeat(string what, Link link, Func<Task> fault, Func<Task>? look = null)
    {
        if (link == Link.Broker)
        {
            // Until the link has subscribed for the first time there is nobody to keep messages for.
            await Eventually.Is(() => _platform!.Twins.Output.Contains("Broker link broker is connected", StringComparison.Ordinal), "the link to connect");
        }

        _load = Load.Start(_platform!.Rest, _platform.MqttPort(link), s_windows);
        look ??= () => _load.Ledger.Check(_platform.Rest, Eventually.Deadline);
        var rounds = 0;
        try
        {
            for (; rounds < Soak.Rounds(SuiteRounds); rounds++)
            {
                // Early in one round and late in another.
                await _load.GoesOn(Random.Shared.Next(1, 1_000));
                await fault();
                await look();
                _load.Release();
            }

            await _load.GoesOn();
            await _load.Finish();
            await _load.Ledger.Check(_platform.Rest, Eventually.Deadline);
        }
        finally
        {
            Soak.Report(what, rounds, _load.Ledger);
        }

        _load.Ledger.AssertClean();
    }

    /// <summary>
    /// A broker gives a session its messages in the order they came: when one that came after the restart is there, all
    /// that are left of those before it have arrived too.
    /// </summary>
    private async Task BrokerHasCaughtUp()
    {
        var probe = Guid.NewGuid().ToString("N");
        await MosquittoPub.Publish(_platform!.Broker!.Port, new Publish("twins/probe/reported/value", $"\"{probe}\""));
        await Eventually.Is(async () => (string?)(await _platform.Rest.Reported("probe"))?["value"] == probe, "the broker to catch up");
    }
}
