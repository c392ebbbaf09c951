using System.Numerics;
using System.Text;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>One query's filter over a table: conditions become sets of rows, which are put together as the filter says.</summary>
internal sealed class FilterRun(Columns columns, Texts ids, Texts texts, ManyCells severals, DateTimeOffset now, TurnLimit limit)
{
    /// <summary>Which of some rows a filter holds for.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="among">The rows; twins all.</param>
    /// <param name="result">As many words, other than those of <paramref name="among"/>.</param>
    /// <exception cref="Contracts.Fleet.FilterTooSlowException">It takes too long.</exception>
    public void Select(Filter filter, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        limit.Spend(result.Length * sizeof(ulong));
        switch (filter)
        {
            case AndFilter { Operands: var operands }:
                SelectAnd(operands, among, result);
                break;

            case OrFilter { Operands: var operands }:
                SelectOr(operands, among, result);
                break;

            case NotFilter { Operand: var operand }:
                SelectNot(operand, among, result);
                break;

            case CompareFilter { Operator: CompareOperator.Ne } compare:
                SelectNot(compare with { Operator = CompareOperator.Eq }, among, result);
                break;

            case CompareFilter { Operator: CompareOperator.Eq } compare:
                SelectEqual(SourceOf(compare.Path), [compare.Value], among, result);
                break;

            case CompareFilter compare:
                SelectOrdered(SourceOf(compare.Path), compare.Operator, compare.Value, among, result);
                break;

            case InFilter { Path: var path, Values: var values }:
                SelectEqual(SourceOf(path), values, among, result);
                break;

            case LikeFilter { Path: var path, Pattern: var pattern }:
                SelectText(SourceOf(path), new LikeCondition(pattern), among, result);
                break;

            case ExistsFilter { Path: var path }:
                SourceOf(path).Present(severals, among, result);
                break;

            case EmptyFilter { Path: var path }:
                SourceOf(path).Filled(severals, among, result);
                Invert(among, result);
                break;

            case StaleFilter stale:
                SelectStale(stale, among, result);
                break;

            default:
                throw new NotSupportedException($"The index does not know the filter {filter.GetType().Name}.");
        }
    }

    private void SelectAnd(Filter[] operands, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        // What is cheap first: it leaves less for what is not.
        using var left = new RowSet(among.Length);
        among.CopyTo(left.Words);
        foreach (var operand in operands.OrderBy(CostOf))
        {
            Select(operand, left.Words, result);
            if (!result.ContainsAnyExcept(0UL))
            {
                return;
            }

            result.CopyTo(left.Words);
        }
    }

    private void SelectOr(Filter[] operands, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        using var left = new RowSet(among.Length);
        using var more = new RowSet(among.Length);
        among.CopyTo(left.Words);
        result.Clear();
        foreach (var operand in operands.OrderBy(CostOf))
        {
            Select(operand, left.Words, more.Words);
            RowSet.Add(result, more.Words);
            RowSet.Remove(left.Words, more.Words);
        }
    }

    private void SelectNot(Filter operand, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        Select(operand, among, result);
        Invert(among, result);
    }

    private static void Invert(ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        for (var word = 0; word < result.Length; word++)
        {
            result[word] = among[word] & ~result[word];
        }
    }

    private void SelectEqual(PathSource source, QueryValue[] values, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        var cells = CellsOf(source, values);
        var moments = values.OfType<TimeValue>().Select(value => value.At(now)).ToArray();
        result.Clear();
        if (source.IsId)
        {
            foreach (var row in cells.Select(Cell.CodeOf))
            {
                result[row >> 6] |= among[row >> 6] & (1UL << row);
            }
        }
        else if (cells.Length > 0)
        {
            source.Column?.Cells.Select(new SameTest(severals, cells), among, result);
        }

        if (moments.Length > 0 && !source.IsTime)
        {
            using var more = new RowSet(among.Length);
            SelectText(source, new TimeTextCondition(CompareOperator.Eq, moments), among, more.Words);
            RowSet.Add(result, more.Words);
        }
    }

    // The cells that are equal to a value, in the way of the source; those of texts that no twin has are none.
    private ulong[] CellsOf(PathSource source, QueryValue[] values)
    {
        var cells = new List<ulong>(values.Length);
        foreach (var value in values)
        {
            var cell = value switch
            {
                TimeValue moment when source.IsTime => Cell.Number(moment.At(now)),
                TextValue { Text: var text } when !source.IsTime => TextCell(source.IsId ? ids : texts, text),
                NumberValue { Number: var number } when !source.IsTime && !source.IsId => texts.FindCell(number),
                BooleanValue { Boolean: var boolean } when !source.IsId => boolean ? Cell.True : Cell.False,
                _ => Cell.None,
            };
            if (cell != Cell.None)
            {
                cells.Add(cell);
            }
        }

        return [.. cells];
    }

    private static ulong TextCell(Texts texts, string text) =>
        texts.Find(Encoding.UTF8.GetBytes(text)) is >= 0 and var code ? Cell.Text(code) : Cell.None;

    private void SelectOrdered(
        PathSource source, CompareOperator comparison, QueryValue value, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        result.Clear();
        switch (value)
        {
            case TextValue { Text: var text } when !source.IsTime:
                SelectText(source, new TextOrderCondition(comparison, Encoding.UTF8.GetBytes(text)), among, result);
                break;

            case TimeValue moment when !source.IsTime:
                SelectText(source, new TimeTextCondition(comparison, [moment.At(now)]), among, result);
                break;

            case TimeValue moment:
                source.Column?.Cells.Select(new NumberTest(severals, texts, comparison, QueryNumber.Of(moment.At(now))), among, result);
                break;

            case NumberValue { Number: var number } when !source.IsTime:
                source.Column?.Cells.Select(new NumberTest(severals, texts, comparison, number), among, result);
                break;

            case BooleanValue { Boolean: var boolean } when source.Column is { } column:
                ulong[] cells =
                [
                    .. TextOrderCondition.Holds(comparison, false.CompareTo(boolean)) ? [Cell.False] : Array.Empty<ulong>(),
                    .. TextOrderCondition.Holds(comparison, true.CompareTo(boolean)) ? [Cell.True] : Array.Empty<ulong>(),
                ];
                column.Cells.Select(new SameTest(severals, cells), among, result);
                break;
        }
    }

    private void SelectText(PathSource source, TextCondition condition, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        result.Clear();
        if (source.IsId)
        {
            for (var word = 0; word < among.Length; word++)
            {
                for (var bits = among[word]; bits != 0; bits &= bits - 1)
                {
                    var id = ids[(word * 64) + BitOperations.TrailingZeroCount(bits)];
                    limit.Spend(id.Length);
                    if (condition.Holds(id))
                    {
                        result[word] |= bits & (0 - bits);
                    }
                }
            }
        }
        else if (!source.IsTime && source.Column is { } column)
        {
            using var test = new TextTest(severals, texts, condition, limit);
            column.Cells.Select(test, among, result);
        }
    }

    // A property that is an object is stale when all times in it are: those of it that are not are not in the result.
    private void SelectStale(StaleFilter stale, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        result.Clear();
        if (stale.Path.Names[0] is not ("reported" or "desired") || columns.Find(stale.Path.Names) is not { } column)
        {
            return;
        }

        // Of a fleet that is well most twins have something fresh, and drop out with the first columns.
        var oldest = (now - stale.Age).ToUnixTimeMilliseconds();
        using var left = new RowSet(among.Length);
        using var more = new RowSet(among.Length);
        among.CopyTo(left.Words);
        Move(column, new NumberTest(severals, texts, CompareOperator.Ge, QueryNumber.Of(oldest)), left.Words, more.Words, []);
        Move(column, new TimeTest(severals), left.Words, more.Words, result);
    }

    // Takes the rows with a time for which a test holds in a property, or in what is in it, out of some, and adds them to others.
    private void Move(Column column, CellTest test, Span<ulong> from, Span<ulong> moved, Span<ulong> to)
    {
        if (column.At is { } at)
        {
            limit.Spend(from.Length * sizeof(ulong));
            at.Cells.Select(test, from, moved);
            RowSet.Remove(from, moved);
            if (!to.IsEmpty)
            {
                RowSet.Add(to, moved);
            }
        }

        foreach (var child in column.Children)
        {
            Move(child, test, from, moved, to);
        }
    }

    // About how long a condition takes: cells, and what is dearer than comparing them as so many more.
    private long CostOf(Filter filter) => filter switch
    {
        AndFilter { Operands: var operands } => operands.Sum(CostOf),
        OrFilter { Operands: var operands } => operands.Sum(CostOf),
        NotFilter { Operand: var operand } => CostOf(operand),
        CompareFilter { Operator: CompareOperator.Eq or CompareOperator.Ne, Path: var path, Value: TextValue { Text: var text } } =>
            path.Names is ["id"] || TextCell(texts, text) == Cell.None ? 0 : CellsAt(path),
        CompareFilter { Path: var path, Value: TextValue or TimeValue } => 8 * CellsAt(path),
        CompareFilter { Path: var path } => CellsAt(path),
        InFilter { Path: var path } => path.Names is ["id"] ? 0 : 4 * CellsAt(path),
        LikeFilter { Path: var path } => 16 * CellsAt(path),
        ExistsFilter { Path: var path } => CellsAt(path) / 2,
        EmptyFilter { Path: var path } => 4 * CellsAt(path),
        _ => 32L * ids.Count,
    };

    private long CellsAt(QueryPath path) => SourceOf(path) is var source && source.IsId ? 4L * ids.Count : source.Column?.Cells.Count ?? 0;

    private PathSource SourceOf(QueryPath path) => new(path, columns, ids, texts);
}
