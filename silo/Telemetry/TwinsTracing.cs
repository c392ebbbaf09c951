using System.Diagnostics;
using Twins.Silo.Links;

namespace Twins.Silo.Telemetry;

/// <summary>
/// The way of a message as spans: <c>twins.receive</c> (one for each publish), <c>twins.apply</c> (the call of a twin
/// with all that waited for it), Orleans' own of the grain call, and <c>twins.store</c> (the round trip with the states
/// of many twins). Where many become one, the first is the parent and the others are links. A device continues its
/// trace with the MQTT 5 user property <c>traceparent</c> (W3C Trace Context).
/// </summary>
internal static class TwinsTracing
{
    /// <summary>The name of <see cref="Source"/>.</summary>
    public const string SourceName = "Twins";

    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>Begins the span of a publish; null where nobody traces.</summary>
    public static Activity? Receive(LinkMessage message)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var span = Source.StartActivity("twins.receive", ActivityKind.Consumer, Parent(message));
        span?.SetTag("messaging.system", "mqtt").SetTag("messaging.destination.name", message.Topic).SetTag("twins.link", message.Source.Address.Link);
        return span;
    }

    /// <summary>Where the work that is going on belongs; null where it is not traced.</summary>
    public static ActivityContext? Here() => Source.HasListeners() ? Activity.Current?.Context : null;

    /// <summary>Begins the span of what is done for many at once; null where none of them is traced.</summary>
    public static Activity? Join<T>(string name, ActivityKind kind, IEnumerable<T> many, Func<T, ActivityContext?> contextOf)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // Who runs this was begun by somebody who may have ended long ago.
        Activity.Current = null;
        var contexts = many.Select(contextOf).OfType<ActivityContext>().ToArray();
        return contexts.Length == 0 ? null : Source.StartActivity(name, kind, contexts[0], links: contexts.Skip(1).Select(context => new ActivityLink(context)));
    }

    private static ActivityContext Parent(LinkMessage message)
    {
        foreach (var (name, value) in message.UserProperties)
        {
            if (name == "traceparent" && ActivityContext.TryParse(value, traceState: null, isRemote: true, out var parent))
            {
                return parent;
            }
        }

        return default;
    }
}
