namespace Twins.Silo.Fleet.Index;

/// <summary>A path that twins of the table have something at: what they have there, and what lies below it.</summary>
internal sealed class Column(int number, Column? parent, byte[] name)
{
    /// <summary>Grows with every column that is made; a column's is greater than its parent's.</summary>
    public int Number { get; } = number;

    public Column? Parent { get; } = parent;

    /// <summary>Its last name, as it stands in canonical JSON, without quotes.</summary>
    public byte[] Name { get; } = name;

    public Cells Cells { get; } = new();

    /// <summary>
    /// What metadata has of the path: a time in Unix milliseconds, or an object where the property is one. Null while nothing has.
    /// </summary>
    public Column? At { get; set; }

    /// <summary>What lies directly below.</summary>
    public List<Column> Children { get; } = new(0);

    /// <summary>The column of the first member that was met last here: twins of a kind have their members in the same order.</summary>
    public Column? LikelyFirst { get; set; }

    /// <summary>The column of the member that was met behind this one last.</summary>
    public Column? LikelyNext { get; set; }

    /// <summary>The last read of a twin that met it.</summary>
    public long Met { get; set; }

    /// <summary>Where in that read.</summary>
    public int Entry { get; set; }
}
