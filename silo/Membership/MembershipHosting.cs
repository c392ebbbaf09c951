using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.GrainDirectory;
using Orleans.GrainDirectory.Redis;
using Orleans.Runtime.Hosting;
using Orleans.Versions.Compatibility;
using Orleans.Versions.Selector;
using StackExchange.Redis;
using Twins.Silo.Hosting;

namespace Twins.Silo.Membership;

/// <summary>How silos are a cluster: docs/decisions/0004-membership.md and 0012-versions.md.</summary>
internal static class MembershipHosting
{
    /// <summary>Has the silo meet others in the Redis of its store.</summary>
    public static void UseTwinsCluster(this ISiloBuilder silo, TwinsOptions options)
    {
        silo.UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Store.Redis));

        // Where grains are is kept where no silo's end takes it along. With the silos' own directory, of which each holds a
        // part, twins on silos that live had to be made again, and now and then one could not be found for 10 s.
        silo.AddGrainDirectory(GrainDirectoryAttribute.DEFAULT_GRAIN_DIRECTORY, (services, _) => new RedisGrainDirectory(
            new RedisGrainDirectoryOptions { ConfigurationOptions = ConfigurationOptions.Parse(options.Store.Redis) },
            // Its keys begin with what it takes for the cluster's id; ours all begin with the service's.
            Options.Create(new ClusterOptions { ServiceId = options.Cluster.ServiceId, ClusterId = $"{options.Cluster.ServiceId}/{options.Cluster.ClusterId}" }),
            services.GetRequiredService<ILogger<RedisGrainDirectory>>()));
        silo.ConfigureEndpoints(IPAddress.Parse(options.Cluster.Address), options.Cluster.SiloPort, options.Cluster.GatewayPort);
        if (options.Cluster.Kubernetes)
        {
            silo.UseKubernetesHosting();
        }

        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // A silo that is killed is noticed within about a second rather than ten, and one that stands still when nothing has
            // come from it for two of the longest probes (EnableConnectionLivenessCheck, which is on): what is only slow is not
            // accused. Two must have missed it, where there are three or more: one that stalls itself must not send the rest
            // away. The second voter is one that is asked to probe in its turn, which costs a probe and not a further round.
            membership.ProbeTimeout = options.Cluster.Probe;
            membership.MaxProbeTimeout = options.Cluster.Probe;
            membership.NumMissedProbesLimit = 2;
            membership.NumVotesForDeathDeclaration = 2;
            membership.EnableIndirectProbes = true;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);

            // Who joins must reach all who are active. One that died unseen, with all the others, is past that after
            // three signs of life that did not come: the start after a power cut waits for this long, not for 90 s.
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
            membership.NumMissedTableIAmAliveLimit = 3;

            // The table is read as a whole by all, again and again: what is dead does not stay in it.
            membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
            membership.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
        });
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, JoinTurn>();
        silo.Services.AddSingleton<ClusterVersions>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<ClusterVersions>());
        silo.Services.AddHostedService<StallWatch>();
    }

    /// <summary>Which silos may serve which callers while versions are mixed.</summary>
    public static void UseTwinsVersions(this ISiloBuilder silo) => silo.Configure<GrainVersioningOptions>(versions =>
    {
        // A new silo serves old callers; a grain that a new caller needs and an old silo has moves to a new one.
        versions.DefaultCompatibilityStrategy = nameof(BackwardCompatible);
        // Not the latest: the first new silo would get all grains of the cluster.
        versions.DefaultVersionSelectorStrategy = nameof(AllCompatibleVersions);
    });
}
