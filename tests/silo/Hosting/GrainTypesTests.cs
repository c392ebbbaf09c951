using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using Twins.Silo.Hosting;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Hosting;

/// <summary>
/// Pins the types of all grains. They are part of the keys of the grain directory, and silos of two versions must agree on them: add to this
/// list, and never change it.
/// </summary>
[Collection("silo")]
public sealed class GrainTypesTests(SiloFixture silo)
{
    private static readonly string[] s_pinned =
    [
        "brokerlease", "deadletters", "eventlisteners", "fleet", "fleetpartition", "gatewaysession", "linkdirectory", "mqttegress", "rescue", "twin",
    ];

    private static readonly Type[] s_grains =
        [.. typeof(TwinsOptions).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IGrain).IsAssignableFrom(type) && typeof(Grain).IsAssignableFrom(type))];

    [Fact]
    public void Grain_types_are_pinned()
    {
        var resolver = silo.Services.GetRequiredService<GrainTypeResolver>();

        Assert.Equal(s_pinned, s_grains.Select(type => resolver.GetGrainType(type).ToString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Grain_classes_state_their_type() =>
        Assert.All(s_grains, type => Assert.True(type.IsDefined(typeof(GrainTypeAttribute), inherit: false), $"{type} has no [GrainType]"));
}
