using System.Net;
using System.Text;
using Twins.Tests.Harness;

namespace Twins.Deploy.Tests;

/// <summary>The proxy's real configuration in front of a real cluster: devices through it, REST through it, and nobody without a password.</summary>
public sealed class ProxyTests : OwningTest
{
    private readonly TemporaryFolder _folder = new();

    public override ValueTask InitializeAsync()
    {
        Require.Components(Component.HAProxy, Component.Redis, Component.Paho);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("haproxy/haproxy.cfg")]
    [InlineData("kubernetes/api-proxy.cfg")]
    public async Task HAProxy_takes_the_configuration(string configuration)
    {
        var (code, output) = await ProxyProcess.Check(Deployment.PathOf(configuration));
        Assert.True(code == 0, output);
        Assert.DoesNotContain("[WARNING]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_and_applications_go_through_it_and_go_on_when_a_silo_dies()
    {
        var redis = Ours(await RedisProcess.Start());
        // Each with REST too, so that two processes are a whole cluster.
        TwinsProcess[] silos = [Ours(TwinsProcess.Launch(Silo(redis))), Ours(TwinsProcess.Launch(Silo(redis)))];
        await Task.WhenAll(silos.Select(silo => silo.Ready()));
        var (mqtt, http) = (Loopback.FreePort(), Loopback.FreePort());
        var replace = new Dictionary<string, string>(StringComparer.Ordinal) { ["bind :1883"] = $"bind 127.0.0.1:{mqtt}", ["bind :8080"] = $"bind 127.0.0.1:{http}" };
        for (var i = 0; i < 2; i++)
        {
            replace[$" silo-{i + 1}:1883"] = $" 127.0.0.1:{silos[i].Settings.MqttPort} port {silos[i].Settings.HttpPort}";
            replace[$" api-{i + 1}:8080"] = $" 127.0.0.1:{silos[i].Settings.HttpPort}";
        }

        var proxy = Ours(await ProxyProcess.Start("haproxy/haproxy.cfg", replace, mqtt, http));
        using var rest = new TwinsRest(new Uri($"http://127.0.0.1:{http}"));

        await NobodyWithoutPassword(rest, http);
        await TheProxyInThePodIsAsTight(silos[0]);
        await Assert.ThrowsAsync<ConnectionRefusedException>(() => PahoClient.Connect(new PahoOptions("stranger", mqtt)));

        // By turns, for each goes to the silo that has fewer.
        var devices = new List<PahoClient>();
        for (var i = 0; i < 2; i++)
        {
            devices.Add(Ours(await PahoClient.Connect(Device($"device-{i}", mqtt))));
            await devices[i].Publish($"twins/device-{i}/reported", """{"at":1}""");
        }

        Assert.All(await Task.WhenAll(silos.Select(Connections)), connections => Assert.Equal(1, connections));
        Assert.Equal(2, (await Get(rest, "/twins", "app", "app-secret")).Expect(HttpStatusCode.OK)!["items"]!.AsArray().Count);

        await silos[0].Kill();
        await Task.WhenAny(devices.Select(device => device.Disconnected)).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        for (var i = 0; i < 2; i++)
        {
            var id = $"device-{i}";
            var again = await Reconnect(id, mqtt);
            await again.Publish($"twins/{id}/reported", """{"at":2}""");
            await Eventually.Passes(async () => Assert.Equal(2, (int?)(await Get(rest, $"/twins/{id}", "app", "app-secret")).Expect(HttpStatusCode.OK)!["reported"]!["at"]));
        }

        Assert.False(string.IsNullOrEmpty(proxy.Output));
    }

    /// <summary>The proxy that stands in the pod of an API process.</summary>
    private async Task TheProxyInThePodIsAsTight(TwinsProcess twins)
    {
        var http = Loopback.FreePort();
        Ours(await ProxyProcess.Start(
            "kubernetes/api-proxy.cfg",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["bind :8088"] = $"bind 127.0.0.1:{http}", ["127.0.0.1:8080"] = $"127.0.0.1:{twins.Settings.HttpPort}" },
            http));
        using var rest = new TwinsRest(new Uri($"http://127.0.0.1:{http}"));

        await NobodyWithoutPassword(rest, http);
        Assert.Equal(HttpStatusCode.OK, (await rest.Get("/health/ready")).Status);
        Assert.Contains(" 401 ", await FirstLine(http, "/health/ready/../../twins"), StringComparison.Ordinal);
        Assert.Contains(" 401 ", await FirstLine(http, "/health/live/../../dashboard/"), StringComparison.Ordinal);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private static PahoOptions Device(string id, int port) => new(id, port) { Username = "device", Password = "device-secret" };

    private static async Task<int> Connections(TwinsProcess silo)
    {
        using var http = new TwinsRest(silo.Url);
        var line = (await http.Get("/metrics")).Text.Split('\n').Single(line => line.StartsWith("twins_gateway_connections{", StringComparison.Ordinal) || line.StartsWith("twins_gateway_connections ", StringComparison.Ordinal));
        return int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Task<RestAnswer> Get(TwinsRest rest, string path, string name, string password) =>
        rest.Get(path, ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"))));

    private static async Task<string> FirstLine(int port, string target)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadLineAsync() ?? "";
    }

    /// <summary>Each door asks for its own password, however the way to it is written.</summary>
    private static async Task NobodyWithoutPassword(TwinsRest rest, int port)
    {
        foreach (var path in new[] { "/twins", "/twins/a", "/metrics", "/swagger", "/events", "/deadletters", "/dashboard", "/Dashboard/version" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await rest.Get(path)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await Get(rest, path, "app", "op-secret")).Status);
        }

        (await Get(rest, "/twins", "app", "app-secret")).Expect(HttpStatusCode.OK);
        (await Get(rest, "/dashboard/version", "op", "op-secret")).Expect(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(rest, "/dashboard/version", "app", "app-secret")).Status);
        // What does not look like the dashboard to the proxy, the API asks a password for.
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(rest, "/%64ashboard/version", "app", "app-secret")).Status);
        // As they stand on the wire; a client of .NET would tidy them up.
        Assert.Contains(" 401 ", await FirstLine(port, "/dashboard/../twins"), StringComparison.Ordinal);
        Assert.Contains(" 401 ", await FirstLine(port, "//twins"), StringComparison.Ordinal);
        Assert.Contains(" 401 ", await FirstLine(port, "http://127.0.0.1/twins"), StringComparison.Ordinal);
    }

    private async Task<PahoClient> Reconnect(string id, int port)
    {
        PahoClient? client = null;
        // The proxy notices a silo that is gone within a few seconds, and the one connection may go there meanwhile.
        await Eventually.Passes(async () => client = Ours(await PahoClient.Connect(Device(id, port))));
        return client!;
    }

    private TwinsSettings Silo(RedisProcess redis) => new()
    {
        DataDirectory = _folder.In("data"),
        Redis = redis.ConnectionString,
        More = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Twins:Mqtt:Gateway:Users:0:Username"] = "device",
            ["Twins:Mqtt:Gateway:Users:0:Password"] = "device-secret",
            ["Twins:Dashboard:Username"] = ProxyProcess.Credentials["TWINS_DASHBOARD_USERNAME"],
            ["Twins:Dashboard:Password"] = ProxyProcess.Credentials["TWINS_DASHBOARD_PASSWORD"],
        },
    };

}
