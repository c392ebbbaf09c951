using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Acknowledged means durable: <c>kill -9</c> while devices publish, again and again on the same data.</summary>
public sealed class KillTests : IAsyncLifetime
{
    /// <summary>
    /// A message sets one of 300 properties, so that loss inside the stream shows too and not only at its end; 300
    /// of them stay far below the limit of a document.
    /// </summary>
    private const int Properties = 300;

    private const string Constant = "constant";

    private readonly List<(string Id, PahoStream Stream)> _streams = [];
    private readonly List<(string Id, long Revision)> _known = [];

    /// <summary>The twin of a device that reports in all rounds.</summary>
    private readonly RevisionWatch _revisions = new(Constant);
    private Platform? _platform;

    public ValueTask InitializeAsync()
    {
        Require.Components(Component.Paho);
        return ValueTask.CompletedTask;
    }

    /// <param name="kills">Each finds the data of the ones before; a hundred only with <c>tests/run --long</c>.</param>
    [Theory]
    [InlineData(5)]
    [InlineData(100, Explicit = true)]
    public async Task Kills_lose_nothing_on_the_embedded_store(int kills)
    {
        _platform = await Platform.Start(Store.Embedded, broker: false);
        for (var round = 1; round <= kills; round++)
        {
            await PublishUntilKilled(round);
            await _platform.StartAgain();
            await AllIsThere(round);
        }

        await AllRoundsAreThere();
    }

    /// <param name="kills">The last one takes Redis along; a hundred only with <c>tests/run --long</c>.</param>
    [Theory]
    [InlineData(3)]
    [InlineData(100, Explicit = true)]
    public async Task Kills_lose_nothing_on_Redis(int kills)
    {
        Require.Components(Component.Redis);
        _platform = await Platform.Start(Store.Redis, broker: false);
        for (var round = 1; round <= kills; round++)
        {
            await PublishUntilKilled(round);
            if (round == kills)
            {
                await _platform.Redis!.Kill();
                await _platform.Redis.StartAgain();
            }

            await _platform.StartAgain();
            await AllIsThere(round);
        }

        await AllRoundsAreThere();
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
        {
            TestOutput.ShowIfFailed(_platform.Twins);
            await _platform.DisposeAsync();
        }
    }

    /// <summary>One device sends ahead of its acknowledgements, another waits for each, and the process dies.</summary>
    private async Task PublishUntilKilled(int round)
    {
        // Killed early in one round and late in another: the acknowledgements after which it dies.
        var report = Random.Shared.Next(1, 400);
        await using var pipelined = await Connect($"pipelined-{round}");
        await using var single = await Connect($"single-{round}");
        await using var constant = await Connect(Constant);
        using var killed = new CancellationTokenSource();
        var reading = _revisions.ReadAsync(_platform!.Twins.Url, killed.Token);
        // Values of its own in each round, so that a revision that is used again has another content.
        var constantStream = constant.Stream($"twins/{Constant}/reported/round{round % 3}", properties: 20, window: 20, report: int.MaxValue);
        var streams = new[]
        {
            pipelined.Stream($"twins/{pipelined.Options.ClientId}/reported", Properties, window: 20, report),
            single.Stream($"twins/{single.Options.ClientId}/reported", Properties, window: 1, report),
        };
        await Task.WhenAny(pipelined.Progress, single.Progress, Task.WhenAll(streams));

        var known = await RevisionsAsync();
        await _platform!.Twins.Kill();
        await killed.CancelAsync();
        await reading;
        await constantStream;

        foreach (var (device, stream) in new[] { pipelined, single }.Zip(await Task.WhenAll(streams)))
        {
            _streams.Add((device.Options.ClientId, stream));
        }

        _known.AddRange(known);
        Assert.Contains(_streams[^2..], pair => pair.Stream.Acknowledged.Length >= report);
    }

    private Task<PahoClient> Connect(string id) =>
        PahoClient.Connect(new PahoOptions(id, _platform!.MqttPort(Link.Gateway)));

    /// <summary>The revisions of the twins of this round, as REST shows them while it is going on.</summary>
    private async Task<(string Id, long Revision)[]> RevisionsAsync()
    {
        var answer = await _platform!.Rest.Get("/twins?fields=id,revision&limit=200");
        return [.. answer.Expect(HttpStatusCode.OK)!["items"]!.AsArray().Select(item => ((string)item!["id"]!, (long)item["revision"]!))];
    }

    private async Task AllIsThere(int round)
    {
        var now = (await RevisionsAsync()).ToDictionary(twin => twin.Id, twin => twin.Revision, StringComparer.Ordinal);
        Assert.All(_known, known => Assert.True(now[known.Id] >= known.Revision, $"round {round}: {known.Id} is at {now[known.Id]} and was seen at {known.Revision}"));
        _known.Clear();
        foreach (var (id, stream) in _streams.TakeLast(2))
        {
            var faults = stream.Faults(await _platform!.Rest.Reported(id));
            Assert.True(faults.Count == 0, $"round {round}, {id}: {string.Join("; ", faults.Take(5))} ({faults.Count} in all)");
        }
    }

    private async Task AllRoundsAreThere()
    {
        Assert.Empty(_revisions.Faults);
        Assert.True(_revisions.Seen > _streams.Count, $"only {_revisions.Seen} revisions were seen");
        TestContext.Current.TestOutputHelper?.WriteLine($"{_revisions.Seen} revisions of one twin were seen in {_streams.Count / 2} lives, none of them twice");
        foreach (var (id, stream) in _streams)
        {
            Assert.Empty(stream.Faults(await _platform!.Rest.Reported(id)));
        }
    }
}
