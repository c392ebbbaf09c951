using k8s;
using k8s.Models;
using YamlDotNet.Serialization;

namespace Twins.Deploy.Tests;

/// <summary>The manifests of <c>deploy/kubernetes</c> as the API's own types; a field that the API does not know fails.</summary>
internal static class Manifests
{
    /// <summary>All objects of all manifests.</summary>
    public static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> All { get; } =
    [
        .. Directory.EnumerateFiles(Deployment.PathOf("kubernetes"), "*.yaml", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != "kustomization.yaml")
            .Order(StringComparer.Ordinal)
            .SelectMany(path => Load(File.ReadAllText(path)))
    ];

    /// <summary>What runs pods: name, pod template and selector.</summary>
    public static IReadOnlyList<(string Name, V1PodTemplateSpec Template, V1LabelSelector Selector)> Workloads { get; } =
    [
        .. All.OfType<V1Deployment>().Select(it => (it.Metadata.Name, it.Spec.Template, it.Spec.Selector)),
        .. All.OfType<V1StatefulSet>().Select(it => (it.Metadata.Name, it.Spec.Template, it.Spec.Selector)),
    ];

    /// <summary>Reads manifests strictly.</summary>
    public static IEnumerable<IKubernetesObject<V1ObjectMeta>> Load(string yaml) =>
        KubernetesYaml.LoadAllFromString(yaml, typeMap: null, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>();

    /// <summary>All containers of all workloads.</summary>
    public static IEnumerable<(string Where, V1Container Container)> Containers() =>
        from workload in Workloads
        from container in workload.Template.Spec.Containers
        select ($"{workload.Name}/{container.Name}", container);

    /// <summary>Whether a selector takes a pod.</summary>
    public static bool Selects(IDictionary<string, string> selector, V1PodTemplateSpec pod) =>
        selector.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <summary>The environment of a container: what stands in it, what generators make, and values of secrets as the example has them.</summary>
    public static Dictionary<string, string> EnvironmentOf(V1Container container)
    {
        var generated = Kustomization("kustomization.yaml").Generated("configMapGenerator", "literals");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in container.EnvFrom ?? [])
        {
            foreach (var literal in generated[source.ConfigMapRef.Name])
            {
                var parts = literal.Split('=', 2);
                environment[parts[0]] = parts[1];
            }
        }

        foreach (var variable in container.Env ?? [])
        {
            environment[variable.Name] = variable.ValueFrom switch
            {
                null => variable.Value,
                { SecretKeyRef: { } secret } => Secret(secret.Name)[secret.Key],
                { FieldRef: { } field } => field.FieldPath == "status.podIP" ? "127.0.0.1" : "pod",
                _ => throw new InvalidOperationException($"{variable.Name} comes from what this test does not know"),
            };
        }

        return environment;
    }

    /// <summary>A kustomization as it stands.</summary>
    public static Dictionary<string, object> Kustomization(string relative) =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(Deployment.Read($"kubernetes/{relative}"));

    /// <summary>The lists of one kind that a kustomization's generators have, by the name of what they make.</summary>
    public static Dictionary<string, string[]> Generated(this Dictionary<string, object> kustomization, string generator, string list) =>
        ((List<object>)kustomization[generator]).Cast<Dictionary<object, object>>().ToDictionary(
            made => (string)made["name"],
            made => made.TryGetValue(list, out var lines) ? ((List<object>)lines).Cast<string>().ToArray() : [],
            StringComparer.Ordinal);

    private static Dictionary<string, string> Secret(string name) => name switch
    {
        "twins" => Deployment.ReadEnvironment("kubernetes/secrets.env.example"),
        "redis" => Deployment.ReadEnvironment("kubernetes/redis-sample/secrets.env.example"),
        _ => throw new InvalidOperationException($"nothing makes the secret {name}"),
    };
}
