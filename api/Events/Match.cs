namespace Twins.Api.Events;

/// <summary>Whether a filter holds for a twin after an event.</summary>
internal enum Match
{
    /// <summary>It does not.</summary>
    No,

    /// <summary>It does.</summary>
    Yes,

    /// <summary>The event came without a document: nobody can say.</summary>
    Unknown,
}
