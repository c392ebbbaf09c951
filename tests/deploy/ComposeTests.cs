using System.Globalization;
using System.Text.RegularExpressions;
using Twins.Silo.Hosting;

namespace Twins.Deploy.Tests;

/// <summary><c>compose.yaml</c>: its structure, and what an operator expects of it.</summary>
public sealed partial class ComposeTests
{
    private readonly ComposeFile _file = ComposeFile.Read(Deployment.Read("compose/compose.yaml"));
    private readonly Dictionary<string, string> _example = Deployment.ReadEnvironment("compose/.env.example");

    [Fact]
    public void A_name_the_specification_does_not_have_is_seen()
    {
        var text = Deployment.Read("compose/compose.yaml");
        Assert.ThrowsAny<Exception>(() => ComposeFile.Read(text.Replace("stop_grace_period", "stop_grace_time", StringComparison.Ordinal)));
        Assert.ThrowsAny<Exception>(() => ComposeFile.Read(text.Replace("networks: [cluster]", "networks: cluster", StringComparison.Ordinal)));
    }

    [Fact]
    public void Two_silos_two_APIs_their_store_a_broker_and_the_proxy() =>
        Assert.Equal(["api-1", "api-2", "mosquitto", "proxy", "redis", "silo-1", "silo-2"], _file.Services.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_service_is_watched_restarted_and_has_time_to_stop() => Assert.All(_file.Services, service =>
    {
        var (name, it) = service;
        Assert.True(it.HealthCheck is { Test.Count: > 1, Retries: > 0 }, $"{name} has no health check");
        Assert.Matches("^[0-9]+s$", it.HealthCheck!.Interval);
        Assert.Matches("^[0-9]+s$", it.HealthCheck.Timeout);
        Assert.Contains(it.HealthCheck.Test[0], new[] { "CMD", "CMD-SHELL" });
        Assert.Equal("unless-stopped", it.Restart);
        Assert.Matches("^[0-9]+s$", it.StopGracePeriod);
        Assert.Contains("no-new-privileges:true", it.SecurityOpt);
    });

    [Fact]
    public void What_is_named_exists()
    {
        Assert.All(_file.Services, service =>
        {
            Assert.All(service.Value.Networks, network => Assert.Contains(network, _file.Networks.Keys));
            Assert.All(service.Value.Waits(), other => Assert.Contains(other, _file.Services.Keys));
            Assert.All(service.Value.Volumes, volume =>
            {
                var source = volume.Split(':')[0];
                Assert.True(
                    source[0] == '.' ? File.Exists(Path.Combine(Deployment.PathOf("compose"), source)) : _file.Volumes.ContainsKey(source),
                    $"{service.Key} mounts {source}, which is not there");
            });
            Assert.True(service.Value.Build is null || File.Exists(Path.GetFullPath(Path.Combine(
                Deployment.PathOf("compose"), service.Value.Build["context"], service.Value.Build["dockerfile"]))), $"{service.Key} is built from nothing");
        });
        Assert.Equal(_file.Volumes.Keys.Order(StringComparer.Ordinal), _file.Services.Values.SelectMany(it => it.Volumes).Select(volume => volume.Split(':')[0]).Where(source => source[0] != '.').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Images_of_others_are_pinned() => Assert.All(
        _file.Services.Where(service => service.Value.Build is null),
        service => Assert.Matches(@"^[a-z-]+:[0-9]+\.[0-9]+\.[0-9]+$", service.Value.Image));

    [Fact]
    public void Only_the_proxy_is_published_and_on_loopback_unless_somebody_says_otherwise() => Assert.All(_file.Services, service =>
    {
        Assert.True(service.Key == "proxy" || service.Value.Ports.Count == 0, $"{service.Key} is published");
        Assert.All(service.Value.Ports, port => Assert.StartsWith("${TWINS_PUBLISH:-127.0.0.1}:", port, StringComparison.Ordinal));
    });

    [Fact]
    public void Every_password_is_asked_for_and_is_nothing_but_a_placeholder_here()
    {
        var text = Deployment.Read("compose/compose.yaml");
        var asked = Variable().Matches(text).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(_example.Keys.Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
        Assert.All(
            Variable().Matches(text).Where(match => match.Groups["name"].Value != "TWINS_PUBLISH"),
            match => Assert.StartsWith(":?", match.Groups["rest"].Value, StringComparison.Ordinal));
        Assert.All(_example.Where(line => line.Key.EndsWith("PASSWORD", StringComparison.Ordinal)), line => Assert.StartsWith("CHANGE-ME", line.Value, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("silo-1", ApiSiloMode.Embedded)]
    [InlineData("silo-2", ApiSiloMode.Embedded)]
    [InlineData("api-1", ApiSiloMode.Remote)]
    [InlineData("api-2", ApiSiloMode.Remote)]
    public void Settings_are_such_as_the_platform_starts_with(string service, ApiSiloMode mode)
    {
        var it = _file.Services[service];
        var environment = EnvironmentOf(service);
        if (environment.TryGetValue("Twins__Cluster__Address", out var address))
        {
            Assert.Equal(it.Hostname, address);
            // Only there does the name mean something.
            environment["Twins__Cluster__Address"] = "127.0.0.1";
        }

        var options = Settings.Read(environment);

        Settings.AreClosed(options, environment["urls"]);
        Assert.Equal(mode, options.Api.Silo);
        Assert.Equal($"redis:6379,password={_example["REDIS_PASSWORD"]}", options.Store.Redis);
        Assert.Equal([$"{new Uri(environment["urls"]).Port}"], it.HealthCheck!.Test.Skip(2));
        Assert.Equal(mode == ApiSiloMode.Embedded ? "silo" : "api", it.Build!["target"]);
        Assert.Equal(EnvironmentOf("silo-1")["Twins__Cluster__ClusterId"], options.Cluster.ClusterId);
        Assert.Contains("redis", it.Waits());
        // The proxy looks every 2 s, twice.
        Assert.True(Shutdown.Drain(options).TotalSeconds > 4, "it stops before the proxy has noticed");
        Assert.True(int.Parse(it.StopGracePeriod!.TrimEnd('s'), CultureInfo.InvariantCulture) >= (Shutdown.Drain(options) + Shutdown.Limit).TotalSeconds, "it is killed before it has stopped");
    }

    [Fact]
    public void Redis_keeps_what_it_has_acknowledged()
    {
        var lines = Deployment.Read("compose/redis.conf").Split('\n');
        Assert.Contains("appendonly yes", lines);
        Assert.Contains("appendfsync always", lines);
        Assert.Contains("no-appendfsync-on-rewrite no", lines);
        Assert.Contains("maxmemory-policy noeviction", lines);
        Assert.Contains("dir /data", lines);
        Assert.Contains("redis-data:/data", _file.Services["redis"].Volumes);
        Assert.Contains("--requirepass", string.Join(' ', _file.Services["redis"].Command), StringComparison.Ordinal);
    }

    /// <summary>As the engine fills it in from <c>.env</c>.</summary>
    private Dictionary<string, string> EnvironmentOf(string service) => _file.Services[service].Environment.ToDictionary(
        variable => variable.Key,
        variable => Variable().Replace(variable.Value, match => _example[match.Groups["name"].Value]),
        StringComparer.Ordinal);

    [GeneratedRegex(@"(?<!\$)\$\{(?<name>[A-Z_]+)(?<rest>[^}]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
