namespace Twins.Benchmarks.Load;

/// <summary>A merge patch that is encoded once; each message is a copy of it with some digits of its own.</summary>
/// <param name="text">With the digits that are written over.</param>
internal abstract class LoadPayload(byte[] text)
{
    /// <summary>What the copies are made of.</summary>
    public ReadOnlySpan<byte> Text => text;

    /// <summary>The payload that a plan asks for.</summary>
    public static LoadPayload Of(LoadPlan plan) => plan.Content == LoadContent.Fleet ? new FleetPayload() : new PlainPayload(plan.PayloadBytes);

    /// <summary>Makes a copy the message of a device.</summary>
    /// <param name="payload">The copy.</param>
    /// <param name="device">Whose.</param>
    /// <param name="value">What the message says; another one with each message.</param>
    public abstract void Fill(Span<byte> payload, int device, uint value);
}
