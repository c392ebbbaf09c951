using YamlDotNet.Serialization;

namespace Twins.Deploy.Tests;

/// <summary>As much of the Compose specification as <c>compose.yaml</c> uses; what is not here fails to be read.</summary>
internal sealed class ComposeFile
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = "";

    [YamlMember(Alias = "services")]
    public Dictionary<string, ComposeService> Services { get; set; } = [];

    [YamlMember(Alias = "networks")]
    public Dictionary<string, object?> Networks { get; set; } = [];

    [YamlMember(Alias = "volumes")]
    public Dictionary<string, object?> Volumes { get; set; } = [];

    // Parts that services share; the specification ignores what begins with x-.
    [YamlMember(Alias = "x-store")]
    public object? Store { get; set; }

    [YamlMember(Alias = "x-silo")]
    public object? Silo { get; set; }

    [YamlMember(Alias = "x-silo-settings")]
    public object? SiloSettings { get; set; }

    [YamlMember(Alias = "x-api")]
    public object? Api { get; set; }

    /// <summary>Reads the file as an engine does, with anchors and merges followed.</summary>
    public static ComposeFile Read(string text)
    {
        var parser = new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(text)));
        return new DeserializerBuilder().Build().Deserialize<ComposeFile>(parser);
    }
}
