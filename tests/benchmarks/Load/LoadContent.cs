namespace Twins.Benchmarks.Load;

/// <summary>What the messages of the load are about.</summary>
internal enum LoadContent
{
    /// <summary><see cref="PlainPayload"/>: one number that changes, and as many bytes as are asked for.</summary>
    Plain,

    /// <summary><see cref="FleetPayload"/>: what a machine at a site reports, which can be asked for.</summary>
    Fleet,
}
