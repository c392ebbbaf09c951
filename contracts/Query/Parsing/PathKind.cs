namespace Twins.Contracts.Query.Parsing;

/// <summary>What can be at a <see cref="QueryPath"/>.</summary>
internal enum PathKind
{
    /// <summary>Whatever the device or an application put there.</summary>
    Any,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A time that the platform sets.</summary>
    Time,

    /// <summary>An object.</summary>
    Object,
}
