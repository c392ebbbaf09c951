namespace Twins.Simulators.Faults;

/// <summary>Ways of a payload to be no report. None of them may ever be taken for one.</summary>
internal enum Breakage
{
    /// <summary>It is one.</summary>
    None = 0,

    /// <summary>The first half of the JSON.</summary>
    Truncated = 1,

    /// <summary>JSON, but an array.</summary>
    Array = 2,

    /// <summary>JSON, but a text.</summary>
    Text = 3,

    /// <summary>Bytes that are no UTF-8.</summary>
    Binary = 4,

    /// <summary>Nothing.</summary>
    Empty = 5,

    /// <summary>A good payload whose <c>seq</c> is no number.</summary>
    WrongOrder = 6,
}
