namespace Twins.Silo.Dialects;

/// <summary>A publish as a dialect spells it.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The payload.</param>
/// <param name="Retain">Whether a broker must keep it for devices that come later.</param>
/// <param name="CorrelationData">MQTT 5: given back to the asker.</param>
/// <param name="ContentType">MQTT 5: the payload's media type.</param>
/// <param name="ExpiresAt">The device must not get it after this; with MQTT 5 a message expiry interval and the user property <c>expiresAt</c>.</param>
internal sealed record Encoded(
    string Topic,
    byte[] Payload,
    bool Retain = false,
    byte[]? CorrelationData = null,
    string ContentType = "application/json",
    DateTimeOffset? ExpiresAt = null);
