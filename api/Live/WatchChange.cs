using System.Globalization;
using System.Text;
using Twins.Api.Events;
using Twins.Contracts.Twins;

namespace Twins.Api.Live;

/// <summary>What a watch is to tell.</summary>
/// <param name="Kind">What became of the twin.</param>
/// <param name="TwinId">Which twin.</param>
/// <param name="Revision">Its revision; of <see cref="WatchChangeKind.Ready"/>, how many match.</param>
/// <param name="Document">What it is like; null where that is not told.</param>
/// <param name="Cause">The event that it was heard from; null where it was read.</param>
internal readonly record struct WatchChange(WatchChangeKind Kind, string TwinId, long Revision, byte[]? Document, HubEvent? Cause)
{
    /// <summary>What an event tells.</summary>
    public static WatchChange Of(WatchChangeKind kind, HubEvent cause) => new(kind, cause.TwinId!, cause.Revision, cause.IsDeletion ? null : cause.Document, cause);

    /// <summary>What was read.</summary>
    public static WatchChange Of(WatchChangeKind kind, TwinView view) => new(kind, view.Id, view.Revision, view.Document, Cause: null);

    /// <summary>As the client is told it.</summary>
    /// <param name="id">Where the stream stands.</param>
    public LiveMessage Message(string id) => Kind switch
    {
        WatchChangeKind.Member => OfTwin("member", id),
        WatchChangeKind.Entered => OfTwin("entered", id),
        WatchChangeKind.Changed => OfTwin("changed", id),
        WatchChangeKind.Left => OfTwin("left", id, "changed"),
        WatchChangeKind.Lapsed => OfTwin("left", id, "time"),
        WatchChangeKind.Deleted => OfTwin("left", id, "deleted"),
        WatchChangeKind.Ready => LiveMessage.Of("ready", id, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"count\":{Revision}}}"))),
        _ => throw new InvalidOperationException($"{Kind} is not told"),
    };

    private LiveMessage OfTwin(string name, string id, string? reason = null) => LiveMessage.OfTwin(name, id, TwinId, Revision, Document, reason);
}
