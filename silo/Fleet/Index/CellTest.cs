namespace Twins.Silo.Fleet.Index;

/// <summary>A condition on a cell; of several values one that holds is enough. Used for one query by one thread.</summary>
internal abstract class CellTest(ManyCells severals)
{
    /// <summary>Whether testing all of 64 cells costs little more than testing some.</summary>
    public virtual bool IsFast => false;

    /// <summary>Whether it holds for a cell.</summary>
    public virtual bool Holds(ulong cell)
    {
        if (!Cell.IsMany(cell))
        {
            return HoldsForOne(cell);
        }

        foreach (var value in severals.Values(cell))
        {
            if (HoldsForOne(value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it holds for a cell that is not several.</summary>
    protected abstract bool HoldsForOne(ulong cell);

    /// <summary>For which of at most 64 cells it holds, none of which is several: the first is the lowest bit.</summary>
    public virtual ulong Holding(ReadOnlySpan<ulong> cells)
    {
        var result = 0UL;
        for (var i = 0; i < cells.Length; i++)
        {
            result |= HoldsForOne(cells[i]) ? 1UL << i : 0;
        }

        return result;
    }

    /// <summary>The same for narrow cells.</summary>
    public virtual ulong Holding(ReadOnlySpan<uint> cells)
    {
        var result = 0UL;
        for (var i = 0; i < cells.Length; i++)
        {
            result |= HoldsForOne(Cell.Widen(cells[i])) ? 1UL << i : 0;
        }

        return result;
    }

    /// <summary>The same for whole numbers relative to one (<see cref="CellPage.FromOffset"/>).</summary>
    public virtual ulong Holding(ReadOnlySpan<uint> cells, long common)
    {
        var result = 0UL;
        for (var i = 0; i < cells.Length; i++)
        {
            result |= HoldsForOne(CellPage.FromOffset(cells[i], common)) ? 1UL << i : 0;
        }

        return result;
    }
}
