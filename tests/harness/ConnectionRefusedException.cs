namespace Twins.Tests.Harness;

/// <summary>A client was answered with a CONNACK that refuses it.</summary>
public sealed class ConnectionRefusedException(string clientId, int code) : Exception($"{clientId} refused with {code}")
{
    /// <summary>CONNACK's return code (3.1.1) or reason code (5).</summary>
    public int Code => code;
}
