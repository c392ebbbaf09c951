using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Twins.Silo.Hosting;
using Xunit;

namespace Twins.Silo.Tests.Storage;

/// <summary>A Redis that cannot be used is refused at start with one sentence that says what to do.</summary>
public sealed class RedisStartTests : IAsyncLifetime
{
    /// <summary>The client takes 5 s and three attempts for what does not answer as Redis.</summary>
    private const string Impatient = ",connectTimeout=500,connectRetry=1";

    private readonly List<IAsyncDisposable> _ours = [];

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Component.Redis.Path is null, Component.Redis.Missing);
        Assert.SkipWhen(Component.RedisCli.Path is null, Component.RedisCli.Missing);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("", "requires a password and Twins:Store:Redis has none; add password=")]
    [InlineData(",password=wrong", "refuses the password; correct password (and user) in Twins:Store:Redis")]
    [InlineData(",user=nobody,password=secret", "refuses the password; correct password (and user) in Twins:Store:Redis")]
    public async Task Wrong_credentials_are_named(string credentials, string expected)
    {
        var redis = await StartAsync("--requirepass", "secret");

        await RefusesAsync(redis.ConnectionString + credentials, $"Redis at {redis.ConnectionString} {expected}");
        await OpensAsync(redis.ConnectionString + ",password=secret");
    }

    [Fact]
    public async Task Redis_that_requires_TLS_is_named()
    {
        var redis = await StartAsync();
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(redis.In("cert.pem"), certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(redis.In("key.pem"), key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        var port = Loopback.FreePort();
        await redis.Ask(
            "config", "set", "tls-cert-file", redis.In("cert.pem"), "tls-key-file", redis.In("key.pem"), "tls-ca-cert-file", redis.In("cert.pem"),
            "tls-auth-clients", "no", "tls-port", $"{port}");

        await RefusesAsync($"127.0.0.1:{port}" + Impatient, $"Redis at 127.0.0.1:{port} closes the connection without an answer; if it requires TLS, add ssl=true");
        await RefusesAsync($"127.0.0.1:{port},ssl=true" + Impatient, "has a TLS certificate that this machine does not accept");
        await RefusesAsync(redis.ConnectionString + ",ssl=true" + Impatient, "does not use TLS on this port; remove ssl=true");
    }

    [Fact]
    public async Task Other_server_is_said_not_to_be_Redis()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        _ = AnswerAsync(server);

        await RefusesAsync($"127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}" + Impatient, "is not Redis (it answers \"HTTP/1.1 400 Bad Request\")");
    }

    [Fact]
    public async Task Address_without_a_server_is_named()
    {
        var port = Loopback.FreePort();

        await RefusesAsync($"127.0.0.1:{port}" + Impatient, $"Redis at 127.0.0.1:{port} does not answer; start it, or correct Twins:Store:Redis.");
        await RefusesAsync("redis.invalid:6379" + Impatient, "the host of Redis at redis.invalid:6379 is unknown");
    }

    [Theory]
    [InlineData("appendonly", "no", "appendonly is no; set appendonly yes in Redis, or set Twins:Store:Durability to Warn.")]
    [InlineData("appendfsync", "everysec", "appendfsync is everysec; set appendfsync always in Redis, or set Twins:Store:Durability to Warn.")]
    [InlineData("maxmemory-policy", "allkeys-lru", "maxmemory-policy is allkeys-lru; set maxmemory-policy noeviction in Redis, or set Twins:Store:Durability to Warn.")]
    public async Task Redis_that_is_not_durable_is_refused(string setting, string value, string expected)
    {
        var redis = await StartAsync("--" + setting, value);

        await RefusesAsync(redis.ConnectionString, $"Redis at {redis.ConnectionString} may lose what it acknowledges: {expected}", StoreDurability.Require);
        await OpensAsync(redis.ConnectionString, durability: null);
        await OpensAsync(redis.ConnectionString, StoreDurability.Warn);
        await OpensAsync(redis.ConnectionString, StoreDurability.Off);
        await redis.Ask("config", "set", "appendonly", "yes", "appendfsync", "always", "maxmemory-policy", "noeviction");
        await OpensAsync(redis.ConnectionString, StoreDurability.Require);
    }

    [Fact]
    public async Task Missing_permission_for_the_check_is_named()
    {
        var redis = await StartAsync("--requirepass", "administrator");
        await redis.Ask("acl", "setuser", "twins", "on", ">secret", "~*", "&*", "+@all", "-@dangerous");
        var connection = redis.ConnectionString + ",user=twins,password=secret";

        await RefusesAsync(connection, "appendonly, appendfsync, maxmemory-policy cannot be read (NOPERM", StoreDurability.Require);
        await RefusesAsync(connection, "give its user the ACL rule \"+info +config|get\", or set Twins:Store:Durability to Warn.", StoreDurability.Require);
        await OpensAsync(connection, StoreDurability.Warn);
        await redis.Ask("acl", "setuser", "twins", "+info", "+config|get");
        await OpensAsync(connection, StoreDurability.Require);
    }

    [Fact]
    public async Task Redis_without_CONFIG_is_judged_by_INFO()
    {
        var redis = await StartAsync("--rename-command", "CONFIG", "");
        await RefusesAsync(redis.ConnectionString, "appendfsync cannot be read (ERR unknown command", StoreDurability.Require);

        await redis.Kill();
        await redis.StartAgainWith("--rename-command", "CONFIG", "", "--appendonly", "no");
        await RefusesAsync(redis.ConnectionString, "may lose what it acknowledges: appendonly is no", StoreDurability.Require);
    }

    [Fact]
    public async Task All_masters_of_a_cluster_are_checked()
    {
        var cluster = await RedisClusterProcess.Start();
        _ours.Add(cluster);
        await OpensAsync(cluster.ConnectionString, StoreDurability.Require);

        await RedisCli.Run("-p", $"{cluster.Ports[2]}", "config", "set", "appendfsync", "everysec");

        // The client finds all nodes from one.
        await RefusesAsync($"127.0.0.1:{cluster.Ports[0]}", $"Redis at 127.0.0.1:{cluster.Ports[2]} may lose", StoreDurability.Require);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var thing in _ours)
        {
            await thing.DisposeAsync();
        }
    }

    private static TwinsOptions Settings(string redis, StoreDurability? durability)
    {
        var options = new TwinsOptions();
        (options.Store.Redis, options.Store.Durability) = (redis, durability);
        return options;
    }

    private static async Task RefusesAsync(string redis, string expected, StoreDurability? durability = null)
    {
        var refused = await Assert.ThrowsAsync<StartupRefusedException>(() => StoreHost.OpenAsync(Settings(redis, durability)));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
    }

    private static async Task OpensAsync(string redis, StoreDurability? durability = null)
    {
        await using var host = await StoreHost.OpenAsync(Settings(redis, durability));
        await host.Store.CheckWritableAsync();
    }

    private static async Task AnswerAsync(TcpListener server)
    {
        try
        {
            while (true)
            {
                using var client = await server.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or IOException)
        {
            // The test has ended.
        }
    }

    private async Task<RedisProcess> StartAsync(params string[] settings)
    {
        var redis = await RedisProcess.StartWith(settings);
        _ours.Add(redis);
        return redis;
    }
}
