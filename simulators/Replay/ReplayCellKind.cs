namespace Twins.Simulators.Replay;

/// <summary>How a cell is read.</summary>
internal enum ReplayCellKind
{
    /// <summary>A text as it stands.</summary>
    Text,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>Any other JSON value: <c>true</c>, <c>false</c>, <c>null</c> (removes the property), a string in quotes, an array or an object.</summary>
    Json,
}
