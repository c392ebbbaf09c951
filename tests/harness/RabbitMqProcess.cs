namespace Twins.Tests.Harness;

/// <summary>
/// A real RabbitMQ with its MQTT plugin on a free loopback port. Version 3.10 speaks MQTT 3.1.1 only. It takes ten seconds to start, so
/// tests share one.
/// </summary>
public sealed class RabbitMqProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startDeadline = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();

    /// <summary>Erlang's registry of nodes. Without one of our own Erlang starts a daemon, which stays.</summary>
    private ChildProcess? _registry;

    private ChildProcess? _process;

    private RabbitMqProcess()
    {
    }

    /// <summary>Where it listens for MQTT.</summary>
    public int Port { get; } = Loopback.FreePort();

    /// <summary>What it has logged.</summary>
    public string Output => _process?.Output ?? "";

    /// <summary>Starts a broker of one's own.</summary>
    public static async Task<RabbitMqProcess> Start()
    {
        var rabbit = new RabbitMqProcess();
        try
        {
            await rabbit.Run();
            return rabbit;
        }
        catch
        {
            await rabbit.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // Its helpers for names and children end with it.
            await _process.DisposeAsync();
        }

        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task Run()
    {
        // No AMQP. Who gives no name is the user guest, which may connect from this machine only.
        await File.WriteAllTextAsync(_folder.In("rabbitmq.conf"), $"""
            listeners.tcp = none
            mqtt.listeners.tcp.1 = 127.0.0.1:{Port}
            mqtt.allow_anonymous = true
            mqtt.default_user = guest
            mqtt.default_pass = guest
            log.console = true
            log.file = false
            """);
        await File.WriteAllTextAsync(_folder.In("enabled_plugins"), "[rabbitmq_mqtt].");

        var registryPort = Loopback.FreePort();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // Where Erlang's cookie is.
            ["HOME"] = _folder.Path,
            ["ERL_EPMD_PORT"] = $"{registryPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = $"twins{Port}@localhost",
            ["RABBITMQ_DIST_PORT"] = $"{Loopback.FreePort()}",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}",
            ["RABBITMQ_CONFIG_FILE"] = _folder.In("rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _folder.In("enabled_plugins"),
            ["RABBITMQ_MNESIA_BASE"] = _folder.In("mnesia"),
            ["RABBITMQ_LOG_BASE"] = _folder.In("log"),
            ["RABBITMQ_GENERATED_CONFIG_DIR"] = _folder.In("generated"),
            ["RABBITMQ_PID_FILE"] = _folder.In("pid"),

            // The broker takes the place of the script that starts it, and ends when that process is ended.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
        };
        _registry = ChildProcess.Start(Component.Epmd.RequiredPath, ["-port", $"{registryPort}", "-address", "127.0.0.1"]);
        await Listening.On(registryPort, _registry, "epmd");
        _process = ChildProcess.Start(Component.RabbitMq.RequiredPath, [], environment);
        await Listening.On(Port, _process, "rabbitmq-server", deadline: s_startDeadline);
    }
}
