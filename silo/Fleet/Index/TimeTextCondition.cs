using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>Compares texts that are times with a moment, in Unix milliseconds; for others nothing holds.</summary>
internal sealed class TimeTextCondition(CompareOperator comparison, long[] moments) : TextCondition
{
    public override bool Holds(ReadOnlySpan<byte> text)
    {
        if (!TimeText.TryParse(text, out var time))
        {
            return false;
        }

        foreach (var moment in moments)
        {
            if (TextOrderCondition.Holds(comparison, time.CompareTo(moment)))
            {
                return true;
            }
        }

        return false;
    }
}
