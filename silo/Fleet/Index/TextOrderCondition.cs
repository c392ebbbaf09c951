using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>Where a text stands to another: the order of code points is the order of their bytes in UTF-8.</summary>
internal sealed class TextOrderCondition(CompareOperator comparison, byte[] with) : TextCondition
{
    public override bool Holds(ReadOnlySpan<byte> text) => Holds(comparison, text.SequenceCompareTo(with));

    /// <summary>Whether a comparison holds, given how what it compares is ordered.</summary>
    internal static bool Holds(CompareOperator comparison, int order) => comparison switch
    {
        CompareOperator.Eq => order == 0,
        CompareOperator.Gt => order > 0,
        CompareOperator.Ge => order >= 0,
        CompareOperator.Lt => order < 0,
        CompareOperator.Le => order <= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "ne is the opposite of eq"),
    };
}
