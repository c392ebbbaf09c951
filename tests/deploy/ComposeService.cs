using YamlDotNet.Serialization;

namespace Twins.Deploy.Tests;

/// <summary>A service of the Compose specification.</summary>
internal sealed class ComposeService
{
    [YamlMember(Alias = "build")]
    public Dictionary<string, string>? Build { get; set; }

    [YamlMember(Alias = "image")]
    public string Image { get; set; } = "";

    [YamlMember(Alias = "command")]
    public List<string> Command { get; set; } = [];

    [YamlMember(Alias = "hostname")]
    public string? Hostname { get; set; }

    [YamlMember(Alias = "environment")]
    public Dictionary<string, string> Environment { get; set; } = [];

    [YamlMember(Alias = "volumes")]
    public List<string> Volumes { get; set; } = [];

    [YamlMember(Alias = "ports")]
    public List<string> Ports { get; set; } = [];

    /// <summary>A list of names, or names with conditions.</summary>
    [YamlMember(Alias = "depends_on")]
    public object? DependsOn { get; set; }

    [YamlMember(Alias = "networks")]
    public List<string> Networks { get; set; } = [];

    [YamlMember(Alias = "restart")]
    public string? Restart { get; set; }

    [YamlMember(Alias = "stop_grace_period")]
    public string? StopGracePeriod { get; set; }

    [YamlMember(Alias = "read_only")]
    public bool ReadOnly { get; set; }

    [YamlMember(Alias = "tmpfs")]
    public List<string> Tmpfs { get; set; } = [];

    [YamlMember(Alias = "cap_drop")]
    public List<string> CapDrop { get; set; } = [];

    [YamlMember(Alias = "security_opt")]
    public List<string> SecurityOpt { get; set; } = [];

    [YamlMember(Alias = "healthcheck")]
    public ComposeHealthCheck? HealthCheck { get; set; }

    /// <summary>The names of the services it waits for.</summary>
    public IEnumerable<string> Waits() => DependsOn switch
    {
        null => [],
        List<object> names => names.Cast<string>(),
        Dictionary<object, object> conditions => conditions.Keys.Cast<string>(),
        _ => throw new InvalidOperationException("depends_on is neither a list nor a map"),
    };
}
