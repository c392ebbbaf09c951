namespace Twins.Silo.Hosting;

/// <summary>Whether a device nobody has registered gets a twin.</summary>
public enum DeviceProvisioning
{
    /// <summary>A first message makes the twin.</summary>
    Automatic = 0,

    /// <summary>Messages of unknown devices are refused; <c>PUT /twins/{id}</c> makes the twin.</summary>
    Strict = 1,
}
