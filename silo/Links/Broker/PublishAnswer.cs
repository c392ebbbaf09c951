using System.Runtime.InteropServices;
using Twins.Contracts.Links;

namespace Twins.Silo.Links.Broker;

/// <summary>What became of a publish on one connection.</summary>
/// <param name="Result">Delivered, busy, too large or refused.</param>
/// <param name="Reason">Why it is too large or refused.</param>
/// <param name="Cause">The same as a label of <c>twins_broker_set_aside_total</c>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PublishAnswer(DeliveryResult Result, string? Reason = null, string? Cause = null)
{
    /// <summary>The label if the user of the link may not publish on the topic.</summary>
    public const string NotAuthorized = "not_authorized";
}
