using System.Diagnostics;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>An exclusive broker link of two silos, under a stream of messages, when the silo that holds it goes.</summary>
public sealed class BrokerTakeoverTests : OwningTest
{
    private const int Messages = 4_000;

    private MosquittoProcess _broker = null!;
    private Cluster _cluster = null!;

    public override async ValueTask InitializeAsync()
    {
        Require.Components(Component.Paho, Component.Mosquitto, Component.Redis);
        _broker = Ours(await MosquittoProcess.Start());
        _cluster = Ours(await Cluster.Start(more: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Twins:Mqtt:Brokers:0:Name"] = "plant",
            ["Twins:Mqtt:Brokers:0:Uri"] = $"mqtt://127.0.0.1:{_broker.Port}",
        }));
    }

    [Fact]
    public async Task Another_silo_takes_over_within_seconds_and_nothing_is_lost_or_goes_backwards()
    {
        await Eventually.Is(() => Connections(_cluster.A) + Connections(_cluster.B) == 1, "the link to connect");

        var holder = Connections(_cluster.A) > 0 ? _cluster.A : _cluster.B;
        var stopped = await TakenOver("stopped", holder, silo => silo.Stop());
        Assert.InRange(stopped, TimeSpan.Zero, TimeSpan.FromSeconds(8));

        var heir = Other(holder);
        holder = Other(await _cluster.StartAgain(holder));
        Assert.Same(heir, holder);
        var killed = await TakenOver("killed", holder, silo => silo.Kill());
        TestContext.Current.TestOutputHelper?.WriteLine($"taken over {stopped.TotalSeconds:0.0} s after SIGTERM, {killed.TotalSeconds:0.0} s after kill -9");
        Assert.InRange(killed, TimeSpan.Zero, TimeSpan.FromSeconds(5));

        heir = Other(holder);
        holder = Other(await _cluster.StartAgain(holder));
        Assert.Same(heir, holder);
        // It goes on when the other has the link: with what it had received, and no right to it any more.
        var paused = await TakenOver("paused", holder, silo => silo.Pause(), silo => silo.Resume());
        Assert.InRange(paused, TimeSpan.Zero, TimeSpan.FromSeconds(15));

        // Who was stopped and goes on does not throw the other out.
        heir = Other(holder);
        await using var after = await Device("after");
        var stream = await Stream(after);
        await Eventually.Passes(async () => Assert.Empty(stream.Faults(await _cluster.Rest.Reported("after"))));
        Assert.Equal(1, Connections(heir));
        TestContext.Current.TestOutputHelper?.WriteLine($"taken over {paused.TotalSeconds:0.0} s after SIGSTOP");
    }

    private static int Connections(SiloProcess silo) =>
        silo.Output.Split("Broker link plant is connected", StringSplitOptions.None).Length - 1;

    private SiloProcess Other(SiloProcess silo) => silo == _cluster.A ? _cluster.B : _cluster.A;

    private Task<PahoClient> Device(string id) => PahoClient.Connect(new PahoOptions(id, _broker.Port));

    private static Task<PahoStream> Stream(PahoClient device) =>
        device.Stream($"twins/{device.Options.ClientId}/reported", properties: 20, window: 20, report: 500, last: Messages);

    /// <summary>Ends the holder under a stream, and returns how long it took until the other silo was connected.</summary>
    private async Task<TimeSpan> TakenOver(string id, SiloProcess holder, Func<SiloProcess, Task> end, Action<SiloProcess>? then = null)
    {
        await using var device = await Device(id);
        var heir = Other(holder);
        Assert.Equal(0, Connections(heir));
        var streaming = Stream(device);
        await device.Progress.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

        var watch = Stopwatch.StartNew();
        var ending = end(holder);
        await Eventually.Is(() => Connections(heir) == 1, "the other silo to take over");
        var took = watch.Elapsed;
        await ending;
        then?.Invoke(holder);

        var before = new JsonObject();
        var stream = await streaming;
        Assert.Equal(Messages, stream.Acknowledged.Length);
        await Eventually.Passes(async () =>
        {
            var now = (await _cluster.Rest.Reported(id))!.AsObject();
            foreach (var (name, value) in before)
            {
                Assert.True((int?)now[name] >= (int?)value, $"{name} was {value} and is {now[name]?.ToJsonString() ?? "nothing"}");
            }

            before = now;
            Assert.Empty(stream.Faults(now));
        });
        return took;
    }
}
