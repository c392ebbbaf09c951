namespace Twins.Silo.Health;

/// <summary>How a broker link of this process is.</summary>
/// <param name="Name">The name of the link.</param>
/// <param name="Connected">Whether it is connected and subscribed.</param>
/// <param name="Standby">Whether another silo holds the link.</param>
/// <param name="Protocol">The MQTT version, <c>5</c> or <c>3.1.1</c>; null if it is not connected.</param>
/// <param name="Since">Since when it is connected, on standby, or neither.</param>
/// <param name="Error">The last error with its remedy; null if there was none. It holds no secrets.</param>
/// <param name="ErrorAt">When that error occurred.</param>
public sealed record LinkHealth(string Name, bool Connected, bool Standby, string? Protocol, DateTimeOffset Since, string? Error, DateTimeOffset? ErrorAt);
