namespace Twins.Silo.Links;

/// <summary>Names of links that are not chosen by settings.</summary>
internal static class LinkNames
{
    /// <summary>The silo's own MQTT listener.</summary>
    public const string Gateway = "gateway";

    /// <summary>REST, where a device speaks HTTP.</summary>
    public const string Http = "http";
}
