namespace Twins.Api.Live;

/// <summary>What a watch tells of a twin.</summary>
internal enum WatchChangeKind
{
    /// <summary>It matches, from the start.</summary>
    Member,

    /// <summary>It has come to match.</summary>
    Entered,

    /// <summary>It matches, and has changed.</summary>
    Changed,

    /// <summary>It has changed, and does not match any more.</summary>
    Left,

    /// <summary>It does not match any more, though nothing has passed but time.</summary>
    Lapsed,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>Something has happened, and the event does not say what the twin is like: it has to be read.</summary>
    Unclear,

    /// <summary>Of no twin: those that match from the start have all been told.</summary>
    Ready,
}
