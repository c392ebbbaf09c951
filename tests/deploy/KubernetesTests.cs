using k8s.Models;
using Twins.Silo.Hosting;

namespace Twins.Deploy.Tests;

/// <summary>The manifests: what the API takes, and what an operator expects of them.</summary>
public sealed class KubernetesTests
{
    public KubernetesTests()
    {
        // As a pod has them; a silo that follows Kubernetes refuses to start without.
        foreach (var name in new[] { "KUBERNETES_SERVICE_HOST", "POD_NAME", "POD_NAMESPACE" })
        {
            Environment.SetEnvironmentVariable(name, "pod");
        }

        Environment.SetEnvironmentVariable("POD_IP", "127.0.0.1");
    }

    [Fact]
    public void A_field_the_API_does_not_know_is_seen()
    {
        var text = Deployment.Read("kubernetes/silo.yaml");
        Assert.ThrowsAny<Exception>(() => Manifests.Load(text.Replace("terminationGracePeriodSeconds", "terminationGraceSeconds", StringComparison.Ordinal)).ToArray());
        Assert.ThrowsAny<Exception>(() => Manifests.Load(text.Replace("replicas: 3", "replicas: three", StringComparison.Ordinal)).ToArray());
    }

    [Fact]
    public void Everything_has_a_name_of_its_own_and_a_version_of_the_API() =>
        Assert.All(Manifests.All.GroupBy(it => (it.Kind, it.Metadata.Name)), same =>
        {
            Assert.NotEmpty(same.Single().ApiVersion);
            Assert.NotEmpty(same.Key.Name);
        });

    [Fact]
    public void Every_workload_runs_its_own_pods_and_is_protected_from_emptied_nodes()
    {
        Assert.Equal(["redis", "twins-api", "twins-silo"], Manifests.Workloads.Select(workload => workload.Name).Order(StringComparer.Ordinal));
        Assert.All(Manifests.Workloads, workload =>
        {
            Assert.True(Manifests.Selects(workload.Selector.MatchLabels, workload.Template), workload.Name);
            Assert.Single(Manifests.All.OfType<V1PodDisruptionBudget>(), budget => Manifests.Selects(budget.Spec.Selector.MatchLabels, workload.Template));
            Assert.InRange(workload.Template.Spec.TerminationGracePeriodSeconds ?? 0, 60, 600);
            Assert.True(workload.Template.Spec.SecurityContext.RunAsNonRoot, $"{workload.Name} may run as root");
            Assert.Equal("RuntimeDefault", workload.Template.Spec.SecurityContext.SeccompProfile.Type);
            foreach (var spread in workload.Template.Spec.TopologySpreadConstraints ?? [])
            {
                Assert.True(Manifests.Selects(spread.LabelSelector.MatchLabels, workload.Template), workload.Name);
            }
        });
    }

    [Fact]
    public void Every_container_is_probed_bounded_and_without_rights() => Assert.All(Manifests.Containers(), it =>
    {
        var (where, container) = it;
        Assert.All([container.StartupProbe, container.ReadinessProbe, container.LivenessProbe], probe => Assert.True(probe is not null, $"{where} lacks a probe"));
        Assert.All(["cpu", "memory"], resource =>
        {
            Assert.True(container.Resources.Requests.ContainsKey(resource), $"{where} requests no {resource}");
            Assert.True(container.Resources.Limits.ContainsKey(resource), $"{where} has no limit of {resource}");
        });
        var security = container.SecurityContext;
        Assert.True(security is { RunAsNonRoot: true, ReadOnlyRootFilesystem: true, AllowPrivilegeEscalation: false }, where);
        Assert.Equal(["ALL"], security.Capabilities.Drop);
        Assert.DoesNotContain("latest", container.Image, StringComparison.Ordinal);
    });

    [Fact]
    public void Api_behind_its_proxy_answers_for_every_host() =>
        Assert.Equal("*", Assert.Single(Manifests.Containers(), it => it.Container.Name == "api").Container.Env.Single(variable => variable.Name == "AllowedHosts").Value);

    [Fact]
    public void Liveness_asks_only_whether_the_process_answers() => Assert.All(Manifests.Containers(), it =>
    {
        // A store that is down must not restart what depends on it.
        var probe = it.Container.LivenessProbe;
        Assert.DoesNotContain("/health/ready", probe.HttpGet?.Path ?? string.Join(' ', probe.Exec?.Command ?? []), StringComparison.Ordinal);
    });

    [Fact]
    public void Every_port_that_is_named_exists()
    {
        foreach (var (where, container) in Manifests.Containers())
        {
            var named = (container.Ports ?? []).Select(port => port.Name).ToArray();
            Assert.All(
                new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe }
                    .Select(probe => probe.HttpGet?.Port?.Value ?? probe.TcpSocket?.Port?.Value).OfType<string>(),
                port => Assert.True(named.Contains(port), $"{where} is probed at {port}, which it has not"));
        }

        foreach (var service in Manifests.All.OfType<V1Service>())
        {
            var pods = Manifests.Workloads.Where(workload => Manifests.Selects(service.Spec.Selector, workload.Template)).ToArray();
            Assert.True(pods.Length == 1, $"the service {service.Metadata.Name} selects {pods.Length} workloads");
            Assert.All(service.Spec.Ports, port => Assert.Contains(port.TargetPort.Value, PortsOf(pods[0].Template)));
        }

        foreach (var policy in Manifests.All.OfType<V1NetworkPolicy>().Where(policy => policy.Spec.PodSelector.MatchLabels is not null))
        {
            var pods = Manifests.Workloads.Single(workload => Manifests.Selects(policy.Spec.PodSelector.MatchLabels, workload.Template));
            Assert.All(policy.Spec.Ingress.SelectMany(rule => rule.Ports), port => Assert.Contains(port.Port.Value, PortsOf(pods.Template)));
            Assert.All(
                policy.Spec.Ingress.SelectMany(rule => rule.FromProperty ?? []).Where(from => from.PodSelector is not null),
                from => Assert.Contains(Manifests.Workloads, workload => Manifests.Selects(from.PodSelector.MatchLabels, workload.Template)));
        }
    }

    [Fact]
    public void Settings_are_such_as_the_platform_starts_with()
    {
        foreach (var (where, container) in Manifests.Containers().Where(it => it.Container.Image.StartsWith("twins-", StringComparison.Ordinal)))
        {
            var environment = Manifests.EnvironmentOf(container);
            var options = Settings.Read(environment);
            Settings.AreClosed(options, environment.GetValueOrDefault("urls"));
            Assert.Contains("password=", options.Store.Redis, StringComparison.Ordinal);
            var pod = Manifests.Workloads.Single(workload => workload.Template.Spec.Containers.Contains(container)).Template.Spec;
            Assert.True(pod.TerminationGracePeriodSeconds >= (Shutdown.Drain(options) + Shutdown.Limit).TotalSeconds, $"{where} is killed before it has stopped");
            var probe = container.ReadinessProbe;
            Assert.True(Shutdown.Drain(options).TotalSeconds > probe.PeriodSeconds * probe.FailureThreshold, $"{where} stops before Kubernetes has noticed");
            if (where != "twins-silo/silo")
            {
                continue;
            }

            Assert.True(options.Cluster.Kubernetes);
            var ports = container.Ports.ToDictionary(port => port.Name, port => port.ContainerPort, StringComparer.Ordinal);
            Assert.Equal(
                (options.Mqtt.Gateway.Port, options.Cluster.SiloPort, options.Cluster.GatewayPort, new Uri(environment["urls"]).Port),
                (ports["mqtt"], ports["silo"], ports["clients"], ports["health"]));
            // By which Orleans.Hosting.Kubernetes finds the pods of a cluster.
            var labels = Manifests.Workloads.Single(workload => workload.Name == "twins-silo").Template.Metadata.Labels;
            Assert.Equal((options.Cluster.ServiceId, options.Cluster.ClusterId), (labels["orleans/serviceId"], labels["orleans/clusterId"]));
        }
    }

    [Fact]
    public void A_silo_may_see_and_label_pods_and_nothing_else()
    {
        var rule = Assert.Single(Assert.Single(Manifests.All.OfType<V1Role>()).Rules);
        Assert.Equal(["pods"], rule.Resources);
        Assert.Equal(["get", "list", "patch", "watch"], rule.Verbs.Order(StringComparer.Ordinal));

        var binding = Assert.Single(Manifests.All.OfType<V1RoleBinding>());
        var silo = Manifests.Workloads.Single(workload => workload.Name == "twins-silo").Template.Spec;
        Assert.Equal(silo.ServiceAccountName, Assert.Single(binding.Subjects).Name);
        Assert.Contains(Manifests.All.OfType<V1ServiceAccount>(), account => account.Metadata.Name == silo.ServiceAccountName);
        Assert.All(
            Manifests.Workloads.Where(workload => workload.Name != "twins-silo"),
            workload => Assert.False(workload.Template.Spec.AutomountServiceAccountToken ?? true, workload.Name));
    }

    [Fact]
    public void Every_manifest_file_and_generated_name_is_used()
    {
        foreach (var folder in new[] { "", "redis-sample/" })
        {
            var kustomization = Manifests.Kustomization($"{folder}kustomization.yaml");
            var files = Directory.EnumerateFiles(Deployment.PathOf($"kubernetes/{folder}"), "*.yaml").Select(Path.GetFileName);
            Assert.Equal(
                files.Where(file => file != "kustomization.yaml").Order(StringComparer.Ordinal),
                ((List<object>)kustomization["resources"]).Cast<string>().Order(StringComparer.Ordinal));
            foreach (var file in kustomization.Generated("configMapGenerator", "files").Values.SelectMany(files => files))
            {
                Assert.True(File.Exists(Deployment.PathOf($"kubernetes/{folder}{file.Split('=')[^1]}")), file);
            }
        }

        var made = new[] { "", "redis-sample/" }.SelectMany(folder =>
        {
            var kustomization = Manifests.Kustomization($"{folder}kustomization.yaml");
            return kustomization.Generated("configMapGenerator", "files").Keys.Concat(kustomization.Generated("secretGenerator", "envs").Keys);
        }).ToHashSet(StringComparer.Ordinal);
        var wanted = Manifests.Workloads.SelectMany(workload => workload.Template.Spec.Volumes).Select(volume => volume.ConfigMap?.Name).OfType<string>()
            .Concat(Manifests.Containers().SelectMany(it => it.Container.EnvFrom ?? []).Select(from => from.ConfigMapRef.Name))
            .Concat(Manifests.Containers().SelectMany(it => it.Container.Env ?? []).Select(variable => variable.ValueFrom?.SecretKeyRef?.Name).OfType<string>());
        // A key that a secret has not is not found.
        Assert.All(Manifests.Containers(), it => Assert.NotNull(Manifests.EnvironmentOf(it.Container)));
        Assert.Equal(made.Order(StringComparer.Ordinal), wanted.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Volumes_that_are_mounted_exist() => Assert.All(Manifests.Workloads, workload =>
    {
        var claims = Manifests.All.OfType<V1StatefulSet>().Where(set => set.Metadata.Name == workload.Name).SelectMany(set => set.Spec.VolumeClaimTemplates ?? []);
        var volumes = workload.Template.Spec.Volumes.Select(volume => volume.Name).Concat(claims.Select(claim => claim.Metadata.Name)).Order(StringComparer.Ordinal);
        Assert.Equal(volumes, workload.Template.Spec.Containers.SelectMany(container => container.VolumeMounts).Select(mount => mount.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    });

    [Fact]
    public void The_sample_of_Redis_is_configured_as_the_one_of_compose() =>
        Assert.Equal(Deployment.Read("compose/redis.conf"), Deployment.Read("kubernetes/redis-sample/redis.conf"));

    private static IEnumerable<string> PortsOf(V1PodTemplateSpec template) => template.Spec.Containers.SelectMany(container => container.Ports ?? []).Select(port => port.Name);
}
