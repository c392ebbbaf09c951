using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>What the platform says instead of starting wrongly.</summary>
public sealed class StartupTests : IAsyncLifetime
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private TwinsProcess? _first;

    public static TheoryData<string> TakenThings() => ["Twins:Mqtt:Gateway:Port", "urls", "Twins:Store:DataDirectory"];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(TakenThings))]
    public async Task A_second_platform_says_what_the_first_has_taken(string setting)
    {
        _first = await TwinsProcess.Start(new TwinsSettings { DataDirectory = _folder.In("first") });
        var other = new TwinsSettings { DataDirectory = _folder.In("second") };

        await using var second = TwinsProcess.Launch(setting switch
        {
            "Twins:Mqtt:Gateway:Port" => other with { MqttPort = _first.Settings.MqttPort },
            "urls" => other with { HttpPort = _first.Settings.HttpPort },
            _ => other with { DataDirectory = _first.Settings.DataDirectory },
        });

        await EndsWithOneSentence(second, setting);
        using var rest = new TwinsRest(_first.Url);
        Assert.Equal(HttpStatusCode.OK, (await rest.Get("/health/ready")).Status);
    }

    [Theory]
    [InlineData("Twins:Mqtt:Gateway:Address", "0.0.0.0", "Twins:Security:Anonymous")]
    [InlineData("Twins:Mqtt:Gateway:Address", "::", "Twins:Security:Anonymous")]
    [InlineData("urls", "http://0.0.0.0:{0}", "Twins:Security:Anonymous")]
    [InlineData("urls", "http://*:{0}", "Twins:Security:Anonymous")]
    [InlineData("Twins:Mqtt:Gateway:Port", "70000", "Twins:Mqtt:Gateway:Port")]
    [InlineData("Twins:Mqtt:Gateway:Port", "many", "Twins:Mqtt:Gateway:Port")]
    [InlineData("Twins:Mqtt:Brokers:0:Uri", "nonsense", "Twins:Mqtt:Brokers:0:Uri")]
    [InlineData("Twins:Security:Anonymous", "Perhaps", "Twins:Security:Anonymous")]
    public async Task A_setting_that_can_not_be_is_refused_by_name(string setting, string value, string named)
    {
        await using var twins = TwinsProcess.Launch(new TwinsSettings
        {
            DataDirectory = _folder.In("data"),
            More = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Twins:Mqtt:Brokers:0:Name"] = "broker",
                ["Twins:Mqtt:Brokers:0:Uri"] = "mqtt://127.0.0.1:1",
                [setting] = value.Replace("{0}", $"{Loopback.FreePort()}", StringComparison.Ordinal),
            },
        });

        await EndsWithOneSentence(twins, named);
    }

    [Fact]
    public async Task What_was_written_out_by_a_person_lifts_the_refusal()
    {
        _first = await TwinsProcess.Start(new TwinsSettings
        {
            DataDirectory = _folder.In("data"),
            More = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Twins:Security:Anonymous"] = "Everywhere",
            },
        });

        Assert.Contains("Everywhere", _first.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_stops_when_asked_and_keeps_what_it_had()
    {
        var settings = new TwinsSettings { DataDirectory = _folder.In("data") };
        _first = await TwinsProcess.Start(settings);
        using var rest = new TwinsRest(_first.Url);
        (await rest.Put("/twins/keep", """{"tags":{"a":1}}""")).Expect(HttpStatusCode.Created);

        Assert.Equal(0, await _first.Stop());

        await _first.DisposeAsync();
        _first = await TwinsProcess.Start(settings);
        Json.AssertEqual("""{"a":1}""", (await rest.Twin("keep"))["tags"]);
    }

    [Theory]
    [InlineData("/events")]
    [InlineData("/twins/watch")]
    public async Task Stop_is_quiet_though_somebody_listens(string stream)
    {
        _first = TwinsProcess.Launch(new TwinsSettings { DataDirectory = _folder.In("data") }, "--demo");
        await _first.Ready();
        using var rest = new TwinsRest(_first.Url);
        await using var live = await rest.Listen(stream);
        await live.Inbox.Take(told => told.Type == "changed", "the demo's devices to report");

        Assert.Equal(0, await _first.Stop());

        Assert.All(_first.Output.Split('\n'), line => Assert.DoesNotMatch("(warn|fail|crit):|^ +at |^-+>", line));
    }

    [Fact]
    public async Task Embedded_store_opens_no_further_port()
    {
        _first = await TwinsProcess.Start(new TwinsSettings { DataDirectory = _folder.In("data") });

        Assert.Equal(new[] { _first.Settings.HttpPort, _first.Settings.MqttPort }.Order(), OpenPorts.Of(_first.Id).Order());
    }

    [Fact]
    public async Task Data_folder_is_private_and_names_its_process()
    {
        var settings = new TwinsSettings { DataDirectory = _folder.In("data") };
        _first = await TwinsProcess.Start(settings);
        using var rest = new TwinsRest(_first.Url);
        (await rest.Put("/twins/private", "{}")).Expect(HttpStatusCode.Created);
        await using var second = TwinsProcess.Launch(settings with { HttpPort = Loopback.FreePort(), MqttPort = Loopback.FreePort() });

        await EndsWithOneSentence(second, $"is in use by process {_first.Id}");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(settings.DataDirectory));
            foreach (var file in Directory.GetFiles(settings.DataDirectory))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
    }

    [Fact]
    public async Task Data_of_the_former_store_is_refused()
    {
        var data = Directory.CreateDirectory(_folder.In("data"));
        await File.WriteAllTextAsync(Path.Combine(data.FullName, "store-mark"), "0123", TestContext.Current.CancellationToken);
        await using var platform = TwinsProcess.Launch(new TwinsSettings { DataDirectory = data.FullName });

        await EndsWithOneSentence(platform, "holds the data of a version before 0.2");
    }

    [Fact]
    public async Task Redis_that_may_lose_data_is_refused_if_required()
    {
        Require.Components(Component.Redis, Component.RedisCli);
        await using var redis = await RedisProcess.StartWith("--requirepass", "secret", "--appendonly", "no");
        var settings = new TwinsSettings { DataDirectory = _folder.In("data"), Redis = redis.ConnectionString };
        var required = new Dictionary<string, string>(StringComparer.Ordinal) { ["Twins:Store:Durability"] = "Require" };

        await using var stranger = TwinsProcess.Launch(settings);
        await using var strict = TwinsProcess.Launch(settings with { Redis = redis.ConnectionString + ",password=secret", More = required });
        _first = TwinsProcess.Launch(settings with { Redis = redis.ConnectionString + ",password=secret", HttpPort = Loopback.FreePort(), MqttPort = Loopback.FreePort(), SiloPort = Loopback.FreePort(), ClientPort = Loopback.FreePort() });

        await EndsWithOneSentence(stranger, $"Redis at {redis.ConnectionString} requires a password and Twins:Store:Redis has none");
        await EndsWithOneSentence(strict, "appendonly is no; set appendonly yes in Redis, or set Twins:Store:Durability to Warn.");
        await _first.Ready();
        Assert.Contains("may lose what it acknowledges: appendonly is no", _first.Output, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_first is not null)
        {
            TestOutput.ShowIfFailed(_first);
            await _first.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task EndsWithOneSentence(TwinsProcess twins, string setting)
    {
        var code = await twins.WaitForExit(s_deadline);
        Assert.NotEqual(0, code);
        Assert.Contains(setting, twins.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", twins.Output, StringComparison.Ordinal);
    }
}
