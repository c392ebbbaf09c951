namespace Twins.Tests.Harness;

/// <summary>How devices reach the platform.</summary>
public enum Link
{
    /// <summary>Straight to the silo.</summary>
    Gateway,

    /// <summary>Through a real Mosquitto.</summary>
    Broker,
}
