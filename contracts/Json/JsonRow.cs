using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>One value of a <see cref="JsonTape"/>.</summary>
internal struct JsonRow
{
    /// <summary>Where the name's opening quote is; -1 for what has no name.</summary>
    public int NameStart;

    /// <summary>The name's length with both quotes.</summary>
    public int NameLength;

    /// <summary>Where the value starts.</summary>
    public int Start;

    /// <summary>The value's length.</summary>
    public int Length;

    /// <summary>The row behind this value and all that is in it.</summary>
    public int Next;

    /// <summary>How many members or elements the value has.</summary>
    public int Count;

    /// <summary>What the value is; containers by their start token.</summary>
    public JsonTokenType Kind;

    /// <summary>Free for the algorithm that reads the tape: dealt with, or to be left out.</summary>
    public bool Marked;
}
