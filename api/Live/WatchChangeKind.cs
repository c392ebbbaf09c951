namespace Twins.Api.Live;

/// <summary>What a watch hears of a twin.</summary>
internal enum WatchChangeKind
{
    /// <summary>It has come to match.</summary>
    Entered,

    /// <summary>It matches, and has changed.</summary>
    Changed,

    /// <summary>It does not match any more, or is gone.</summary>
    Left,

    /// <summary>Something has happened, and the event does not say what the twin is like: it has to be read.</summary>
    Unclear,
}
