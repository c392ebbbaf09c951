namespace Twins.Contracts.Twins;

/// <summary>How a write changes its target. A property whose value is null is absent, whatever the verb.</summary>
public enum WriteVerb
{
    /// <summary>The body becomes the target; creates the twin where it is missing.</summary>
    Replace = 0,

    /// <summary>The body is an RFC 7396 merge patch.</summary>
    Merge = 1,

    /// <summary>The body is an RFC 6902 JSON patch.</summary>
    Patch = 2,

    /// <summary>The target goes.</summary>
    Remove = 3,
}
