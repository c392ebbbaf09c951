namespace Twins.Api.Events;

/// <summary>A client's place in the stream of events, from one moment on.</summary>
/// <param name="Client">Its queue of what happens from now on.</param>
/// <param name="Backlog">What it missed since it was last here, in order; bounded by the ring.</param>
/// <param name="Position">Where the stream stands before the backlog and the queue.</param>
/// <param name="Reset">What it missed can not be told any more.</param>
internal sealed record Subscription(EventClient Client, HubEvent[] Backlog, string Position, bool Reset);
