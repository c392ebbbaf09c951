using System.Globalization;
using System.Text.RegularExpressions;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>A twin that nobody needs leaves memory, and is back with the first message or read.</summary>
public sealed partial class IdleTests : IAsyncLifetime
{
    private const int Count = 50;

    private readonly TemporaryFolder _folder = new();
    private RedisProcess? _redis;
    private TwinsProcess? _twins;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task Idle_twins_leave_memory_and_come_back_whole(Store store)
    {
        Require.Components(store == Store.Redis ? [Component.Paho, Component.Redis] : [Component.Paho]);
        _redis = store == Store.Redis ? await RedisProcess.Start() : null;
        _twins = await TwinsProcess.Start(new TwinsSettings
        {
            DataDirectory = _folder.In("data"),
            Redis = _redis?.ConnectionString,
            More = new Dictionary<string, string> { ["Twins:Devices:IdleSeconds"] = "10" },
        });
        using var rest = new TwinsRest(_twins.Url);
        var device = await PahoClient.Connect(new PahoOptions("many", _twins.Settings.MqttPort));
        for (var i = 0; i < Count; i++)
        {
            await device.Publish($"twins/idle-{i}/reported", $$"""{"motor":{"rpm":{{i}},"on":true},"$seq":1}""");
        }

        await InMemory(Count);
        await InMemory(0);

        // A late duplicate is still recognised, what is new is merged with what was there, and revisions go on.
        await device.Publish("twins/idle-1/reported", """{"motor":{"rpm":999},"$seq":1}""");
        await device.Publish("twins/idle-2/reported", """{"motor":{"rpm":1450},"$seq":2}""");

        await InMemory(2);
        await Holds(rest, 1, """{"motor":{"rpm":1,"on":true}}""", revision: 1);
        await Holds(rest, 2, """{"motor":{"rpm":1450,"on":true}}""", revision: 2);
        await Holds(rest, 3, """{"motor":{"rpm":3,"on":true}}""", revision: 1);
        await InMemory(3);
    }

    public async ValueTask DisposeAsync()
    {
        if (_twins is not null)
        {
            TestOutput.ShowIfFailed(_twins);
            await _twins.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task Holds(TwinsRest rest, int number, string reported, long revision)
    {
        var twin = await rest.Twin($"idle-{number}");
        Json.AssertEqual(reported, twin["reported"]!);
        Assert.Equal(revision, (long)twin["revision"]!);
    }

    /// <summary>Waits until so many are: what is told at <c>/metrics</c> may be as old as the last look.</summary>
    private Task InMemory(int twins) => Eventually.Passes(async () => Assert.Equal(twins, await InMemory()), TimeSpan.FromSeconds(60));

    private async Task<int> InMemory()
    {
        using var http = new HttpClient { BaseAddress = _twins!.Url };
        var metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        return int.Parse(Gauge().Match(metrics).Groups["twins"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^twins_twin_in_memory\{[^}]*\} (?<twins>\d+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Gauge();
}
