namespace Twins.Simulators.Fleet;

/// <summary>Draws independent random streams from one seed, the same on every machine and in every process.</summary>
internal static class Seeds
{
    /// <summary>What a device measures.</summary>
    public const int Values = 1;

    /// <summary>When a device does things on the network; apart, so that an outage does not change what it measures.</summary>
    public const int Network = 2;

    /// <summary>A stream of a device.</summary>
    public static Random Random(int seed, int device, int stream)
    {
        // SplitMix64 (https://prng.di.unimi.it/splitmix64.c): neighbouring inputs give unrelated outputs.
        var mixed = Mix(Mix(Mix((ulong)seed) + (ulong)device) + (ulong)stream);
        return new Random((int)(mixed >> 33));
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
