using System.Runtime.InteropServices;

namespace Twins.Silo.Twins;

/// <summary>What a twin knows of one right.</summary>
/// <param name="Right">Its hash.</param>
/// <param name="Token">The highest fencing token.</param>
/// <param name="Call">The highest number of a call under this token.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RightToken(ulong Right, ulong Token, long Call)
{
    /// <summary>Returns whether this was granted, or called, before <paramref name="other"/>, which is of the same right.</summary>
    public bool IsBefore(RightToken other) => Token < other.Token || (Token == other.Token && Call < other.Call);
}
