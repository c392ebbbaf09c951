using System.Runtime.InteropServices;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>What all rows of a table add up to. Rows that vanish, or that return to an earlier content, change it.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Keys">The XOR of the hashes of their keys.</param>
/// <param name="Sums">The XOR of their checksums.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TableTotals(long Rows, long Keys, long Sums)
{
    public TableTotals With(long keyHash, long checksum) => new(Rows + 1, Keys ^ keyHash, Sums ^ checksum);

    public TableTotals Without(long keyHash, long checksum) => new(Rows - 1, Keys ^ keyHash, Sums ^ checksum);

    public TableTotals Replacing(long before, long after) => this with { Sums = Sums ^ before ^ after };
}
