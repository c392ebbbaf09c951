namespace Twins.Silo.Fleet.Index;

/// <summary>Whether there is something else than an empty text, array or object; of several things one is enough.</summary>
internal sealed class FilledTest(ManyCells severals, ulong emptyText) : CellTest(severals)
{
    private readonly ManyCells _severals = severals;

    public override bool Holds(ulong cell) => Cell.IsMany(cell) ? !_severals.IsEmpty(cell) : HoldsForOne(cell);

    protected override bool HoldsForOne(ulong cell) =>
        cell is not (Cell.None or Cell.EmptyObject or Cell.EmptyArray) && cell != emptyText;
}
