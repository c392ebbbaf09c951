using CsCheck;
using Twins.Contracts.Query;
using Twins.Silo.Fleet.Index;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

public sealed class CellsTests
{
    private const int Rows = 4096;

    // Integers that are no doubles; their codes are their places.
    private static readonly QueryNumber[] s_integers =
        [.. new[] { "9007199254740993", "9007199254740995", "-9007199254740993", "18446744073709551615" }.Select(static text => QueryNumber.Parse(text))];

    // Of each way a page can be kept in: short numbers, times, what needs 64 bits, and what is no number.
    private static readonly Gen<ulong>[] Kinds =
    [
        Gen.Int[-3, 3].Select(static number => Cell.Number(number)),
        Gen.Long[1_700_000_000_000, 1_700_000_000_000 + (1L << 33)].Select(static number => Cell.Number(number)),
        Gen.Long[1_700_000_000_000, 1_700_000_001_000].Select(static number => Cell.Number(number)),
        Gen.OneOf(0.1, 1e300, double.PositiveInfinity, double.NegativeInfinity, -0.0, 1L << 53, long.MinValue).Select(Cell.Number),
        Gen.Int[0, 5].Select(Cell.Text),
        Gen.Int[0, s_integers.Length - 1].Select(Cell.Integer),
        Gen.OneOf((1 << 21) - 17, (1 << 21) - 16, int.MaxValue).Select(Cell.Text),
        Gen.OneOf(0, (1 << 21) - 1, 1 << 21).Select(Cell.Many),
        Gen.OneOf(Cell.False, Cell.True, Cell.EmptyObject, Cell.Object, Cell.EmptyArray, Cell.Array),
    ];

    private static readonly Gen<ulong> One = Gen.Frequency((20, Kinds[0]), (1, Gen.OneOf(Kinds)), (3, Gen.Const(Cell.None)));

    private static readonly Gen<ulong> Any = Gen.Frequency((8, Gen.OneOf(Kinds)), (1, Gen.Const(Cell.None)));

    private static readonly Gen<(int Row, ulong Cell)[]> Steps = Gen.OneOf(
        Gen.Select(Gen.Int[0, Rows - 1], Any).Array[0, 300],
        Gen.Select(Gen.Int[0, 300], One).Array[1500],
        Gen.Select(Gen.Int[0, Rows - 1], One).Array[6000],
        Gen.Select(Gen.Int[0, 2000], Gen.Frequency((3, Kinds[2]), (1, Gen.Const(Cell.None)))).Array[8000]);

    // First many rows get cells, then most lose them: from a list to pages and back.
    [Fact]
    public void Has_what_was_put_and_nothing_else() =>
        Gen.Select(Steps, Gen.Int[0, Rows]).Sample(
            (steps, clearedBelow) =>
            {
                var (cells, model) = (new Cells(), new SortedDictionary<int, ulong>());
                foreach (var (row, cell) in steps.Concat(Enumerable.Range(0, clearedBelow).Select(static row => (row, Cell.None))))
                {
                    var known = model.GetValueOrDefault(row);
                    if (known != cell)
                    {
                        cells.Set(row, known, cell);
                        model[row] = cell;
                    }

                    if (cell == Cell.None)
                    {
                        model.Remove(row);
                    }
                }

                Assert.Equal(model.Count, cells.Count);
                for (var row = 0; row < Rows; row++)
                {
                    Assert.Equal(model.GetValueOrDefault(row), cells[row]);
                }

                Assert.Equal(model.Keys, Selected(cells, null, AllRows()));
            },
            iter: 60);

    [Fact]
    public void Selects_the_rows_for_which_a_test_holds() =>
        Gen.Select(Steps, Gen.Enum<CompareOperator>(), Gen.OneOf([.. s_integers, .. new[] { 0, 1, 0.1, 1_700_000_000_500, 1L << 53, double.PositiveInfinity }.Select(QueryNumber.Of)]), Gen.OneOf(Kinds).Array[1, 12], Gen.ULong).Sample(
            (steps, comparison, number, wanted, seed) =>
            {
                var (severals, texts) = (new ManyCells(), new Texts());
                Array.ForEach(s_integers, integer => texts.CellOf(integer));
                severals.Add([Cell.None, Cell.Number(1), Cell.Text(3)]);
                var (cells, model) = (new Cells(), new SortedDictionary<int, ulong>());
                foreach (var (row, cell) in steps.Where(static step => step.Cell == Cell.None || !Cell.IsMany(step.Cell) || step.Cell == Cell.Many(0)))
                {
                    var known = model.GetValueOrDefault(row);
                    if (known != cell)
                    {
                        cells.Set(row, known, cell);
                        model[row] = cell;
                    }
                }

                var among = AllRows();
                var random = new Random((int)seed);
                for (var word = 0; word < among.Length; word++)
                {
                    among[word] = random.Next(3) switch { 0 => ulong.MaxValue, 1 => 1UL << random.Next(64), _ => (ulong)random.NextInt64() };
                }

                bool IsAmong(int row) => (among[row >> 6] & (1UL << row)) != 0;
                if (comparison != CompareOperator.Ne)
                {
                    Assert.Equal(
                        model.Where(one => IsAmong(one.Key) && NumberOf(one.Value) is { } value && IsSo(comparison, value.CompareTo(number))).Select(static one => one.Key),
                        Selected(cells, new NumberTest(severals, texts, comparison, number), among));
                }

                // One of several values is enough; several as such are equal to nothing.
                Assert.Equal(
                    model.Where(one => IsAmong(one.Key) && ValuesOf(one.Value).Any(wanted.Contains)).Select(static one => one.Key),
                    Selected(cells, new SameTest(severals, wanted), among));
                Assert.Equal(
                    model.Where(one => IsAmong(one.Key) && Cell.IsNumber(one.Value == Cell.Many(0) ? Cell.Number(1) : one.Value)).Select(static one => one.Key),
                    Selected(cells, new TimeTest(severals), among));
            },
            iter: 100);

    [Fact]
    public void A_column_that_few_have_takes_little()
    {
        var cells = new Cells();
        for (var row = 0; row < 31_250; row += 1000)
        {
            cells.Set(row, Cell.None, Cell.Number(row + 0.1));
        }

        Assert.InRange(cells.Bytes, 1, 1200);
    }

    [Fact]
    public void Times_within_some_weeks_take_four_bytes_and_so_do_texts_and_whole_numbers()
    {
        foreach (var cellOf in new Func<int, ulong>[]
        {
            static row => Cell.Number(1_767_225_600_000 + (row * 60_000L)), static row => Cell.Text(row), static row => Cell.Number(row), static _ => Cell.True,
        })
        {
            var cells = new Cells();
            for (var row = 0; row < 25_600; row++)
            {
                cells.Set(row, Cell.None, cellOf(row));
            }

            Assert.InRange(cells.Bytes / 25_600.0, 4, 4.7);
        }
    }

    private static ulong[] ValuesOf(ulong cell) => cell == Cell.Many(0) ? [Cell.Number(1), Cell.Text(3)] : cell == Cell.None ? [] : [cell];

    private static QueryNumber? NumberOf(ulong cell) =>
        cell == Cell.Many(0) ? QueryNumber.Of(1)
            : Cell.IsInteger(cell) ? s_integers[Cell.CodeOf(cell)]
            : Cell.IsNumber(cell) ? QueryNumber.Of(Cell.NumberOf(cell)) : null;

    private static bool IsSo(CompareOperator comparison, int order) => comparison switch
    {
        CompareOperator.Eq => order == 0,
        CompareOperator.Gt => order > 0,
        CompareOperator.Ge => order >= 0,
        CompareOperator.Lt => order < 0,
        _ => order <= 0,
    };

    private static ulong[] AllRows() => [.. Enumerable.Repeat(ulong.MaxValue, Rows / 64)];

    private static IEnumerable<int> Selected(Cells cells, CellTest? test, ulong[] among)
    {
        var result = new ulong[among.Length];
        cells.Select(test, among, result);
        return Enumerable.Range(0, Rows).Where(row => (result[row >> 6] & (1UL << row)) != 0);
    }
}
