namespace Twins.Silo.Fleet.Index;

/// <summary>Shapes are equal that have the same columns, which can be looked for before there is a shape of them.</summary>
internal sealed class ShapeComparer : IEqualityComparer<Shape>, IAlternateEqualityComparer<ReadOnlySpan<Column>, Shape>
{
    public bool Equals(Shape? x, Shape? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x.Columns, y));

    public int GetHashCode(Shape obj) => GetHashCode(obj.Columns);

    public bool Equals(ReadOnlySpan<Column> alternate, Shape other) => alternate.SequenceEqual(other.Columns);

    public int GetHashCode(ReadOnlySpan<Column> alternate)
    {
        var hash = default(HashCode);
        foreach (var column in alternate)
        {
            hash.Add(column.Number);
        }

        return hash.ToHashCode();
    }

    public Shape Create(ReadOnlySpan<Column> alternate) => new(alternate.ToArray());
}
