using System.Text;
using CsCheck;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;
using Twins.Contracts.Tests.Query;
using Twins.Contracts.Twins;
using Twins.Silo.Fleet.Index;
using Twins.Silo.Twins;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

/// <summary>A table, and beside it the documents of the twins it was told of, which answer the same questions the slow way.</summary>
internal sealed class FleetModel
{
    private static readonly Comparer<SortValue> s_order = Comparer<SortValue>.Create(static (left, right) => SortValue.Compare(left, right));

    private readonly SortedDictionary<string, string> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _revisions = [];
    private readonly List<IndexedTwin> _told = [];

    internal FleetTable Table { get; private set; } = new(TimeProvider.System);

    internal int Count => _documents.Count;

    /// <summary>Tells of a change, or with null of a delete.</summary>
    internal void Put(string id, FleetTwin? twin)
    {
        var revision = _revisions[id] = _revisions.GetValueOrDefault(id) + 1;
        if (twin is null)
        {
            _documents.Remove(id);
            _told.Add(IndexedTwin.Of(id, new TwinState { Revision = revision }));
        }
        else
        {
            var state = StateOf(twin) with { Revision = revision };
            _documents[id] = Encoding.UTF8.GetString(TwinDocument.ForApplications(id, state));
            _told.Add(IndexedTwin.Of(id, state));
        }

        Assert.True(Table.Put(_told[^1]));
        Assert.Equal(revision, Table.RevisionOf(id));
    }

    /// <summary>
    /// Begins with an empty table, as after a crash: it reads what is in the store, in whatever order, while what silos still have to tell
    /// comes again and late.
    /// </summary>
    internal void Restart(Random random)
    {
        Table = new FleetTable(TimeProvider.System);
        var stored = _told.Where(twin => twin.Exists && twin.Revision == _revisions[twin.Id]);
        var late = _told.Where(twin => _documents.ContainsKey(twin.Id) && random.Next(3) == 0);
        IndexedTwin[] all = [.. stored, .. late];
        random.Shuffle(all);
        Array.ForEach(all, twin => Table.Put(twin));
    }

    internal static TwinState StateOf(FleetTwin twin) => new()
    {
        Exists = true,
        Revision = twin.Revision,
        Model = twin.Model,
        Tags = twin.Tags,
        Desired = twin.Desired,
        DesiredStamps = twin.DesiredStamps,
        Reported = twin.Reported,
        ReportedStamps = twin.ReportedStamps,
        Connection = new TwinConnection
        {
            Online = twin.Online,
            Since = twin.Since,
            LastSeen = twin.LastSeen,
            Address = twin.Link is null ? null : new LinkAddress(twin.Link, "here"),
            Dialect = twin.Dialect,
            Stale = twin.Stale,
        },
        CreatedAt = twin.CreatedAt,
        ModifiedAt = twin.ModifiedAt,
    };

    internal string[] Holding(Filter? filter) =>
        [.. _documents.Where(twin => filter is null || NaiveFilter.Holds(filter, twin.Value, Fleets.Now)).Select(static twin => twin.Key)];

    internal FoundTwin[] Sorted(Filter? filter, SortKey[] sort)
    {
        var found = Array.ConvertAll(Holding(filter), id => new FoundTwin(id, Array.ConvertAll(sort, key => NaiveFilter.SortedBy(key.Path, _documents[id]))));
        Array.Sort(found, (left, right) => Compare(left, right, sort));
        return found;
    }

    internal static int Compare(FoundTwin left, FoundTwin right, SortKey[] sort)
    {
        for (var i = 0; i < sort.Length; i++)
        {
            var order = SortValue.Compare(left.Keys[i], right.Keys[i], sort[i].Descending);
            if (order != 0)
            {
                return order;
            }
        }

        return string.CompareOrdinal(left.Id, right.Id);
    }

    /// <summary>Of each group, its keys and its figures.</summary>
    internal Dictionary<string, GroupFigure[]> Groups(Filter? filter, QueryPath[] group, Measure[] measures)
    {
        var ids = Holding(filter);
        var groups = ids.GroupBy(id => TextOf([.. group.Select(path => NaiveFilter.ValueOf(path, _documents[id]))])).ToDictionary(
            static twins => twins.Key,
            twins => Array.ConvertAll(measures, measure => Figure(measure, [.. twins.Select(id => _documents[id])])));
        if (group.Length == 0)
        {
            groups.TryAdd("", Array.ConvertAll(measures, measure => Figure(measure, [])));
        }

        return groups;
    }

    internal static string TextOf(SortValue[] keys) => string.Join('|', keys.Select(static key => $"{key.Kind} {key.Number + 0.0:R}+{key.Remainder} {key.Text}"));

    private static GroupFigure Figure(Measure measure, string[] documents)
    {
        if (measure.Path is not { } path)
        {
            return new GroupFigure(documents.Length, 0, SortValue.Missing);
        }

        if (measure.Kind == MeasureKind.Count)
        {
            return new GroupFigure(documents.Count(document => NaiveFilter.Holds(new ExistsFilter(path), document, Fleets.Now)), 0, SortValue.Missing);
        }

        var numbers = documents.SelectMany(document => NaiveFigures.NumbersAt(path, document)).Where(static number => double.IsFinite(number.Number)).ToArray();
        if (measure.Kind is MeasureKind.Sum or MeasureKind.Avg)
        {
            return path.IsTime ? new GroupFigure(0, 0, SortValue.Missing) : new GroupFigure(numbers.Length, numbers.Sum(static number => number.Number), SortValue.Missing);
        }

        var extreme = numbers.Length == 0 ? SortValue.Missing
            : measure.Kind == MeasureKind.Min ? numbers.Order(s_order).First() : numbers.Order(s_order).Last();
        return new GroupFigure(numbers.Length, 0, extreme);
    }
}
