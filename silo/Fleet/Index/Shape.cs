namespace Twins.Silo.Fleet.Index;

/// <summary>Which columns a twin has cells in. Twins of a kind share one.</summary>
/// <param name="columns">In the order of their numbers.</param>
internal sealed class Shape(Column[] columns)
{
    public Column[] Columns { get; } = columns;

    /// <summary>How many have it.</summary>
    public int Twins { get; set; }
}
