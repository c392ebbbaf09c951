using System.Net;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Runtime.Placement;
using Twins.Contracts.Query;
using Twins.Contracts.Twins;
using Twins.Silo.Dialects;
using Twins.Silo.Egress;
using Twins.Silo.Fleet;
using Twins.Silo.Fleet.Index;
using Twins.Silo.Health;
using Twins.Silo.Links;
using Twins.Silo.Links.Broker;
using Twins.Silo.Links.Fencing;
using Twins.Silo.Links.Gateway;
using Twins.Silo.Membership;
using Twins.Silo.Storage;
using Twins.Silo.Telemetry;
using Twins.Silo.Twins;

namespace Twins.Silo.Hosting;

/// <summary>Puts a silo into a host.</summary>
public static class TwinsSiloHosting
{
    /// <summary>Reads and checks the settings under <c>Twins:</c>.</summary>
    /// <exception cref="StartupRefusedException">A setting is wrong or unknown.</exception>
    public static TwinsOptions AddTwinsOptions(this IHostApplicationBuilder builder)
    {
        // What is said where nobody configured the log: what the platform does, and what goes wrong.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Logging:LogLevel:Default"] = "Warning",
                ["Logging:LogLevel:Twins"] = "Information",
                // Notes about garbage collection, which is chosen for the twins' memory, and a watchdog's first look.
                ["Logging:LogLevel:Orleans.Runtime.Silo"] = "Error",
                ["Logging:LogLevel:Orleans.Runtime.Watchdog"] = "Error",
                ["Logging:LogLevel:Orleans.Persistence"] = "None",
                // Orleans' word on each write that failed, with a stack: the twin, or the probe of the store, says it.
                ["Logging:LogLevel:Twins.Silo.Storage.StateStoreGrainStorage"] = "None",
                ["Logging:LogLevel:Orleans.Grain"] = "Critical",
                // Readiness logs what has changed, rather than every look at it.
                ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
                // What a lost store means is said by who needed it.
                ["Logging:LogLevel:StackExchange.Redis"] = "None",
                // ASP.NET Core's word on each request that was asked for a password; wrong ones are the platform's own warning.
                ["Logging:LogLevel:Twins.Api.Dashboard.DashboardAuthentication"] = "Warning",
                ["Logging:Console:FormatterName"] = "simple",
                ["Logging:Console:FormatterOptions:SingleLine"] = "true",
                ["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-ddTHH:mm:ss.fffZ ",
                ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
            },
        });
        var options = new TwinsOptions();
        try
        {
            builder.Configuration.GetSection(TwinsOptions.Section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException exception)
        {
            throw SettingProblems.Of(exception, builder.Configuration.GetSection(TwinsOptions.Section));
        }

        TwinsOptionsRules.Check(options);
        ClusterAddress.Settle(options);
        builder.Services.AddSingleton(Options.Create(options));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<FileDescriptors>();
        builder.Services.AddSingleton<QueueBudget>();
        builder.Services.AddHostedService<Drain>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Shutdown.Drain(options) + Shutdown.Limit);
        return options;
    }

    /// <summary>Adds a silo, with its links and its store, as <paramref name="options"/> say.</summary>
    /// <exception cref="StartupRefusedException">A port that it needs is taken, or a certificate is of no use.</exception>
    public static void AddTwinsSilo(this IHostApplicationBuilder builder, TwinsOptions options)
    {
        CheckListeners(options);
        var services = builder.Services;
        services.AddSingleton<TwinsMetrics>();
        services.AddTwinsStore(options);
        services.AddSingleton<IDialect, NativeDialect>();
        services.AddSingleton(new Pulse(TimeProvider.System, options.Cluster.Probe));
        services.AddSingleton<TwinServices>();
        services.AddSingleton<TwinCache>();
        services.AddSingleton<ITwinCache>(provider => provider.GetRequiredService<TwinCache>());
        services.AddSingleton<TwinWaker>();
        services.AddSingleton<Rescue>();
        services.AddTransient<SiloEnds>();
        services.AddSingleton<FleetPartitions>();
        services.AddSingleton<LocalPartitions>();
        services.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>();
        services.AddSingleton<IPlacementStrategyResolver, PartitionPlacementResolver>();
        services.AddSingleton<FleetFeed>();
        services.AddSingleton<DamagedTwins>();
        services.AddSingleton<StoredPages>();
        services.TryAddSingleton<FilterCache>();
        services.AddSingleton<Questions>();
        services.AddSingleton<ScanGate>();
        services.AddSingleton(new QueryTurns(Environment.ProcessorCount, TimeProvider.System));
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, FeedEnd>();
        services.AddSingleton<FenceTokens>();
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<Ingress>();
        services.AddSingleton<LinkTable>();
        services.TryAddSingleton<LinkStates>();
        services.AddSingleton<EventListeners>();
        services.AddSingleton<CommandAcknowledgements>();

        services.AddSiloChecks();
        services.AddHostedService<OpenDoorNotice>();
        services.AddHostedService<ClockWatch>();
        services.AddHostedService<AssemblyPreload>();
        builder.UseOrleans(silo =>
        {
            ConfigureSilo(silo, options);
            if (builder.Traces())
            {
                silo.AddActivityPropagation();
            }
        });

        // Behind the silo, in this order: hosted services start one after the other and stop the other way round.
        services.AddHostedService<StoreVerifier>();
        services.AddHostedService(provider => provider.GetRequiredService<EventListeners>());
        services.AddHostedService(provider => provider.GetRequiredService<LinkTable>());
        services.AddHostedService<MqttGateway>();
        services.AddHostedService<BrokerLinks>();
        services.AddHostedService(provider => provider.GetRequiredService<Rescue>());
        if (options.Fleet.Index)
        {
            services.AddHostedService<FleetIndex>();
        }
    }

    /// <summary>
    /// Opens the store before anything that needs it starts, so that the reason is one sentence if that fails. Does nothing if the host
    /// has no silo.
    /// </summary>
    /// <exception cref="StartupRefusedException">The store cannot be used, or a silo of the cluster has a version that this one cannot work with.</exception>
    public static async Task OpenTwinsStoreAsync(this IHost host)
    {
        await (host.Services.GetService<IStateStore>()?.OpenAsync() ?? Task.CompletedTask);
        await (host.Services.GetService<ClusterVersions>()?.CheckAsync() ?? Task.CompletedTask);
    }

    /// <summary>Runs the host until it stops.</summary>
    /// <exception cref="StartupRefusedException">The store was found to be damaged after it had been opened.</exception>
    public static async Task RunTwinsAsync(this IHost host)
    {
        // The services are gone when the host has stopped.
        var failure = host.Services.GetService<StartupFailure>();
        await host.RunAsync();
        if (failure?.Exception is { } refused)
        {
            throw refused;
        }
    }

    private static void CheckListeners(TwinsOptions options)
    {
        var gateway = options.Mqtt.Gateway;
        if (gateway.Enabled)
        {
            var address = IPAddress.Parse(gateway.Address);
            StartupChecks.PortIsFree("Twins:Mqtt:Gateway:Port", "the MQTT gateway", address, gateway.Port);
            StartupChecks.PortIsFree("Twins:Mqtt:Gateway:TlsPort", "the MQTT gateway", address, gateway.TlsPort);
            if (gateway.TlsPort != 0)
            {
                // The gateway reads it again; a file that is no use ends start-up here.
                GatewayCertificate.Load(gateway).Dispose();
            }
        }

        if (options.Store.Redis.Length > 0)
        {
            var address = IPAddress.Parse(options.Cluster.Address);
            StartupChecks.PortIsFree("Twins:Cluster:SiloPort", "the silo", address, options.Cluster.SiloPort);
            StartupChecks.PortIsFree("Twins:Cluster:GatewayPort", "the silo's client gateway", address, options.Cluster.GatewayPort);
        }
    }

    private static void ConfigureSilo(ISiloBuilder silo, TwinsOptions options)
    {
        silo.Configure<ClusterOptions>(cluster =>
        {
            cluster.ServiceId = options.Cluster.ServiceId;
            cluster.ClusterId = options.Cluster.ClusterId;
        });
        ConfigureMembership(silo, options);
        silo.UseTwinsVersions();
        if (options.Dashboard.Collects())
        {
            silo.AddDashboard();
        }

        silo.Configure<GrainCollectionOptions>(collection =>
        {
            var idle = TimeSpan.FromSeconds(options.Devices.IdleSeconds);
            // How often is looked; it must be less.
            collection.CollectionQuantum = TimeSpan.FromTicks(Math.Min(TimeSpan.FromMinutes(1).Ticks, idle.Ticks / 4));
            collection.ClassSpecificCollectionAge[typeof(TwinGrain).FullName!] = idle;
        });

    }

    private static void ConfigureMembership(ISiloBuilder silo, TwinsOptions options)
    {
        if (options.Store.Redis.Length == 0)
        {
            // The embedded store belongs to one process, so there is exactly one silo: nothing connects to it, and it listens on no port.
            silo.UseLocalhostClustering(options.Cluster.SiloPort, gatewayPort: 0, serviceId: options.Cluster.ServiceId, clusterId: options.Cluster.ClusterId);
            silo.UseNoListeners();
            return;
        }

        silo.UseTwinsCluster(options);
    }
}
