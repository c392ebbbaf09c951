using System.Runtime.InteropServices;
using System.Text.Json;

namespace Twins.Contracts.Query.Matching;

/// <summary>A single value of a document. What costs is worked out when it is asked for, once.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct FoundValue
{
    /// <summary>What it is: a text, a number, true or false.</summary>
    public JsonTokenType Kind;

    /// <summary>The number.</summary>
    public QueryNumber Number;

    /// <summary>Where the text starts in <see cref="DocumentReading"/>.</summary>
    public int Start;

    /// <summary>The length of the text, in bytes of UTF-8.</summary>
    public int Length;

    /// <summary>Where its UTF-16 starts there, plus one; 0 as long as nobody asked.</summary>
    public int Characters;

    /// <summary>The length of its UTF-16.</summary>
    public int CharactersLength;

    /// <summary>Whether the text is a time; null as long as nobody asked.</summary>
    public bool? IsTime;

    /// <summary>The time in Unix milliseconds.</summary>
    public long Time;
}
