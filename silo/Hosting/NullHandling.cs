namespace Twins.Silo.Hosting;

/// <summary>What a member that is null in a report does to the twin.</summary>
public enum NullHandling
{
    /// <summary>It removes the property (RFC 7396).</summary>
    Remove = 0,

    /// <summary>It does nothing: the property keeps its value.</summary>
    Ignore = 1,
}
