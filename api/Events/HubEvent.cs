using Twins.Contracts.Events;

namespace Twins.Api.Events;

/// <summary>An event in the ring, spelled when the first client wants it and then shared by all.</summary>
/// <param name="sequence">Its place in the order of this process.</param>
/// <param name="stream">What the ids of this process's events start with.</param>
/// <param name="twinEvent">What happened; null where events were missed here.</param>
internal sealed class HubEvent(long sequence, string stream, TwinEvent? twinEvent)
{
    /// <summary>What the parts of an event other than its data take, about.</summary>
    private const int Overhead = 512;

    private byte[]? _frame;

    /// <summary>Its place in the order of this process.</summary>
    public long Sequence => sequence;

    /// <summary>Whose event; null concerns everybody.</summary>
    public string? TwinId => twinEvent?.TwinId;

    /// <summary>About how much memory it holds, in bytes: the event and its frame.</summary>
    public int Bytes => Overhead + (2 * (twinEvent?.Data.Length ?? 0));

    /// <summary>As it goes to clients. Two that ask at once may both spell it; either copy is right.</summary>
    public byte[] Frame => _frame ??= twinEvent is null
        ? EventFrame.Reset(EventId.Format(stream, sequence), EventClient.SourceGap)
        : EventFrame.Of(EventId.Format(stream, sequence), twinEvent);
}
