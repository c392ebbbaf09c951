using YamlDotNet.Serialization;

namespace Twins.Deploy.Tests;

/// <summary>A health check of the Compose specification.</summary>
internal sealed class ComposeHealthCheck
{
    [YamlMember(Alias = "test")]
    public List<string> Test { get; set; } = [];

    [YamlMember(Alias = "interval")]
    public string Interval { get; set; } = "";

    [YamlMember(Alias = "timeout")]
    public string Timeout { get; set; } = "";

    [YamlMember(Alias = "retries")]
    public int Retries { get; set; }

    [YamlMember(Alias = "start_period")]
    public string? StartPeriod { get; set; }
}
