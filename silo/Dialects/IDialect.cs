using Twins.Contracts.Events;
using Twins.Contracts.Links;
using Twins.Silo.Links;

namespace Twins.Silo.Dialects;

/// <summary>How twin operations are spelled in topics and payloads.</summary>
internal interface IDialect
{
    /// <summary>Its name in the twin document.</summary>
    string Name { get; }

    /// <summary>What a broker link subscribes to.</summary>
    IReadOnlyList<string> IngressFilters { get; }

    /// <summary>Understands what a device published.</summary>
    Decoded Decode(LinkMessage message);

    /// <summary>Spells what the platform says to a device.</summary>
    /// <param name="message">What is said.</param>
    /// <param name="hasProperties">
    /// Whether the device gets user properties for certain: it is connected here, with MQTT 5. Otherwise the payload says what they would.
    /// </param>
    Encoded Encode(OutgoingMessage message, bool hasProperties);

    /// <summary>Spells an event for applications.</summary>
    Encoded Encode(TwinEvent twinEvent);
}
