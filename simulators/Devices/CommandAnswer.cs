namespace Twins.Simulators.Devices;

/// <summary>What a device answers to a command.</summary>
/// <param name="Status">An HTTP-like number.</param>
/// <param name="Body">JSON.</param>
/// <param name="Reboots">Whether the device restarts once the answer is delivered.</param>
internal sealed record CommandAnswer(int Status, byte[] Body, bool Reboots = false);
