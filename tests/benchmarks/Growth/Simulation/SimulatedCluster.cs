namespace Twins.Benchmarks.Growth.Simulation;

/// <summary>
/// A cluster as the simulation sees it, and what things cost in it: as the other benchmarks measured them, in seconds of one
/// core. Each silo and each master of the store has a machine of its own.
/// </summary>
/// <param name="Silos">How many silos.</param>
/// <param name="Masters">How many masters of the store, of a core each.</param>
/// <param name="Twins">How many twins; each device reports in its turn.</param>
/// <param name="Rate">Updates a second of all devices together.</param>
internal sealed record SimulatedCluster(int Silos, int Masters, int Twins, double Rate)
{
    /// <summary>An update whose twin is on the silo that its device is connected to: <c>ingest</c>.</summary>
    public const double Update = 30e-6;

    /// <summary>The part of it that is at the connection; the rest is at the twin.</summary>
    public const double ConnectionPart = 0.4;

    /// <summary>What it costs more that the twin is elsewhere, half of it at either side: <c>cluster</c>, 1.28 with two of three elsewhere.</summary>
    public const double Hop = Update * 0.28 / (2.0 / 3);

    /// <summary>An update in the store, in batches: <c>cluster</c>.</summary>
    public const double Write = 20e-6;

    /// <summary>A twin read from the store, alone.</summary>
    public const double Read = 20e-6;

    /// <summary>A batch, whatever is in it. Not measured here.</summary>
    public const double Batch = 50e-6;

    /// <summary>
    /// One <c>fsync</c>, of a disk that is made for it. A master makes one for all batches that have come while it was busy. Not measured here.
    /// </summary>
    public const double Sync = 1e-3;

    /// <summary>How many updates a batch has at the most, and how many batches a silo has under way to a master.</summary>
    public const int BatchSize = 256;
    public const int BatchesUnderWay = 2;

    /// <summary>From machine to machine, one way. Not measured here.</summary>
    public const double Network = 0.2e-3;

    /// <summary>From the death of a silo until its twins are made elsewhere: the slowest of tests/soak --what silo-kill.</summary>
    public const double Noticed = 1.9;

    /// <summary>Within this its devices are connected again, evenly. The devices' affair; not measured here.</summary>
    public const double ConnectedAgainWithin = 5;

    /// <summary>Cores of a silo's machine.</summary>
    public int Cores { get; init; } = 8;
}
