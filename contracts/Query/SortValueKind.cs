namespace Twins.Contracts.Query;

/// <summary>The kinds of <see cref="SortValue"/>, in their order.</summary>
public enum SortValueKind : byte
{
    /// <summary>False.</summary>
    False,

    /// <summary>True.</summary>
    True,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A time that the platform sets (<see cref="QueryPath.IsTime"/>).</summary>
    Time,

    /// <summary>A text.</summary>
    Text,

    /// <summary>An object or an array.</summary>
    Other,

    /// <summary>Nothing.</summary>
    Missing,
}
