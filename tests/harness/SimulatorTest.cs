using System.Text.Json.Nodes;

namespace Twins.Tests.Harness;

/// <summary>A test of the simulator against the platform, with a folder that goes when it ends.</summary>
public abstract class SimulatorTest(Platforms platforms) : PlatformTest(platforms), IDisposable
{
    /// <summary>Where its files are.</summary>
    protected TemporaryFolder Folder { get; } = new();

    /// <summary>A namespace that no other test has.</summary>
    protected string Namespace { get; } = $"sim{Guid.NewGuid():N}"[..12];

    /// <summary>Writes a fleet file in <see cref="Namespace"/>.</summary>
    /// <param name="yaml">What it says beside namespace and seed.</param>
    /// <returns>Its path.</returns>
    protected string Fleet(string yaml)
    {
        var path = Folder.In("fleet.yaml");
        File.WriteAllText(path, $"namespace: {Namespace}\nseed: 11\n{yaml}\n");
        return path;
    }

    /// <summary>The twins of the namespace, by id.</summary>
    protected async Task<IReadOnlyDictionary<string, JsonNode>> Twins(Platform platform, string? of = null)
    {
        var twins = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var id in (await platform.Rest.TwinIds()).Where(id => id.StartsWith($"{of ?? Namespace}:", StringComparison.Ordinal)))
        {
            twins.Add(id, await platform.Rest.Twin(id));
        }

        return twins;
    }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
