namespace Twins.Simulators.Fleet;

/// <summary>Draws independent random streams from one seed, the same on every machine and in every process.</summary>
internal static class Seeds
{
    /// <summary>What a device measures.</summary>
    public const int Values = 1;

    /// <summary>When a device does things on the network; apart, so that an outage does not change what it measures.</summary>
    public const int Network = 2;

    /// <summary>When a device measures.</summary>
    public const int Schedule = 3;

    /// <summary>How a device answers commands that it answers only sometimes.</summary>
    public const int Commands = 4;

    /// <summary>What strikes a device; each fault of a plan has the stream behind the one before.</summary>
    public const int Faults = 1000;

    internal const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>A stream of a device.</summary>
    public static Random Random(int seed, int device, int stream) => new((int)(Mixed(seed, device, stream) >> 33));

    /// <summary>A stream of a device, small.</summary>
    public static RandomStream Stream(int seed, int device, int stream) => new(Mixed(seed, device, stream));

    // SplitMix64 (https://prng.di.unimi.it/splitmix64.c): neighbouring inputs give unrelated outputs.
    private static ulong Mixed(int seed, int device, int stream) =>
        Mix(Mix(Mix((ulong)seed) + (ulong)device) + (ulong)stream);

    private static ulong Mix(ulong value) => Scramble(value + Golden);

    internal static ulong Scramble(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
