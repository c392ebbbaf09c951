namespace Twins.Silo.Fleet.Index;

/// <summary>Whether the metadata of a property has a time, rather than being an object.</summary>
internal sealed class TimeTest(ManyCells severals) : CellTest(severals)
{
    public override bool IsFast => true;

    protected override bool HoldsForOne(ulong cell) => Cell.IsNumber(cell);

    public override ulong Holding(ReadOnlySpan<ulong> cells)
    {
        var result = 0UL;
        for (var i = 0; i < cells.Length; i++)
        {
            result |= Cell.IsNumber(cells[i]) ? 1UL << i : 0;
        }

        return result;
    }

    public override ulong Holding(ReadOnlySpan<uint> cells, long common)
    {
        var result = 0UL;
        for (var i = 0; i < cells.Length; i++)
        {
            result |= cells[i] >= Cell.Constants ? 1UL << i : 0;
        }

        return result;
    }
}
