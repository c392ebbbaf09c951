using System.Text;
using Microsoft.Extensions.Time.Testing;
using Twins.Contracts.Fleet;
using Twins.Contracts.Json;
using Twins.Contracts.Query;
using Twins.Silo.Fleet.Index;
using Twins.Silo.Twins;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

public sealed partial class FleetTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 4, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new();
    private readonly FleetTable _table;

    public FleetTableTests() => _table = new FleetTable(_time);

    [Fact]
    public void An_older_revision_does_not_overwrite_a_later_one()
    {
        Assert.True(_table.Put(Twin("a", 3, """{"temp":3}""")));
        Assert.False(_table.Put(Twin("a", 2, """{"temp":2}""")));
        Assert.Equal(["a"], Found("eq(reported/temp,3)"));
        Assert.Equal(3, _table.RevisionOf("a"));
        Assert.Equal(0, _table.RevisionOf("b"));
    }

    [Fact]
    public void The_same_revision_comes_again_with_a_later_time_at_which_the_device_was_seen()
    {
        var seen = Now.ToUnixTimeMilliseconds();
        Assert.True(_table.Put(Twin("a", 3) with { LastSeen = seen }));
        Assert.True(_table.Put(Twin("a", 3) with { LastSeen = seen + 2, Online = true }));
        Assert.False(_table.Put(Twin("a", 3) with { LastSeen = seen + 1 }));
        Assert.Equal(["a"], Found("and(gt(connection/lastSeen,time:2026-01-02T04:00:00.001Z),eq(connection/status,\"online\"))"));
    }

    [Fact]
    public void Number_beyond_a_double_is_counted_but_not_added_up()
    {
        _table.Put(Twin("a", 1, """{"v":1e400}"""));
        _table.Put(Twin("b", 1, """{"v":[2,-1e400]}"""));
        _table.Put(Twin("c", 1, """{"v":4}"""));
        var figures = _table.Aggregate(null, [], Measures("count(reported/v),sum(reported/v),avg(reported/v),min(reported/v),max(reported/v)"), 10, Now)![0].Figures;
        Assert.Equal(3, figures[0].Count);
        Assert.Equal((2, 6.0), (figures[1].Count, figures[1].Sum));
        Assert.Equal((2, 6.0), (figures[2].Count, figures[2].Sum));
        Assert.Equal((2.0, 4.0), (figures[3].Extreme.Number, figures[4].Extreme.Number));
    }

    [Fact]
    public void Inactive_twins_are_found_by_the_setting_and_by_their_tag()
    {
        Assert.Empty(_table.Inactive(TimeSpan.FromMinutes(1), Now));
        _table.Put(Seen("old", 61));
        _table.Put(Seen("new", 60));
        _table.Put(Seen("offline", 61) with { Online = false });
        _table.Put(Seen("never", 61, "0"));
        _table.Put(Seen("soon", 6, "5"));
        _table.Put(Seen("later", 61, "62.5"));
        _table.Put(Seen("text", 61, "\"5\""));
        _table.Put(Seen("invalid", 61, "-5"));
        _table.Put(Seen("several", 61, "[5,6]"));
        _table.Put(Seen("gateway", 61) with { Link = "gateway" });
        _table.Put(Seen("gone", 61));
        _table.Put(Gone("gone", 9));

        Assert.Equal(["invalid", "old", "several", "soon", "text"], _table.Inactive(TimeSpan.FromMinutes(1), Now).Order(StringComparer.Ordinal));
        Assert.Equal(["soon"], _table.Inactive(TimeSpan.Zero, Now));
    }

    [Fact]
    public void A_deleted_twin_is_not_brought_back_by_what_comes_late()
    {
        _table.Put(Twin("a", 3));
        Assert.True(_table.Put(Gone("a", 4)));
        Assert.Equal(0, _table.Count);
        Assert.Equal(4, _table.RevisionOf("a"));
        Assert.False(_table.Put(Twin("a", 3)));
        Assert.True(_table.Put(Gone("never-heard-of", 7)));
        Assert.False(_table.Put(Twin("never-heard-of", 6)));
        Assert.True(_table.Put(Twin("a", 5)));
        Assert.Equal(["a"], Found(null));
    }

    [Fact]
    public void The_last_deleted_twins_are_remembered_and_the_oldest_forgotten()
    {
        for (var i = 0; i < 100_000; i++)
        {
            _table.Put(Gone($"twin-{i}", 7));
        }

        Assert.Equal(7, _table.RevisionOf("twin-99999"));
        Assert.Equal(7, _table.RevisionOf("twin-67232"));
        Assert.Equal(0, _table.RevisionOf("twin-0"));
        Assert.InRange(_table.Bytes, 1, 8_000_000);
    }

    [Fact]
    public void A_document_that_is_not_json_leaves_the_table_as_it_was()
    {
        _table.Put(Twin("a", 1, """{"temp":1}"""));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => _table.Put(Twin("a", 2, """{"temp":2,"x":}""")));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => _table.Put(Twin("b", 2, "{\"temp\":")));
        Assert.Equal(["a"], Found("eq(reported/temp,1)"));
        Assert.Equal(1, _table.RevisionOf("a"));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void Metadata_is_when_a_property_was_written()
    {
        _table.Put(Stamped("a", ("""{"temp":1,"motor":{"rpm":1}}""", Now.AddMinutes(-20)), ("""{"temp":2}""", Now.AddMinutes(-5))));
        _table.Put(Stamped("b", ("""{"temp":1}""", Now.AddMinutes(-20))));
        Assert.Equal(["a"], Found("gt(metadata/reported/temp/at,time:now-10m)"));
        Assert.Equal(["a"], Found("eq(metadata/reported/motor/rpm/at,time:now-20m)"));
        Assert.Equal(["b"], Found("not(exists(metadata/reported/motor/rpm/at))"));
        Assert.Equal(["b", "a"], Found(null, "+metadata/reported/temp/at"));
    }

    [Fact]
    public void What_was_not_written_for_a_while_is_stale_and_an_object_when_all_in_it_is()
    {
        _table.Put(Stamped("a", ("""{"temp":1,"motor":{"rpm":1,"hours":1}}""", Now.AddMinutes(-20)), ("""{"motor":{"rpm":2}}""", Now.AddMinutes(-5))));
        _table.Put(Stamped("b", ("""{"motor":{"rpm":1,"hours":[1]}}""", Now.AddMinutes(-20))));
        _table.Put(Twin("c", 1, """{"temp":1}"""));
        Assert.Equal(["a"], Found("stale(reported/temp,\"10m\")"));
        Assert.Equal(["b"], Found("stale(reported/motor,\"10m\")"));
        Assert.Equal(["a", "b"], Found("stale(reported/motor,\"1m\")"));
        Assert.Equal(["b"], Found("stale(reported,\"10m\")"));
        Assert.Equal([], Found("stale(reported/temp,\"20m\")"));
    }

    [Fact]
    public void Delta_is_what_the_device_has_not_taken_over()
    {
        _table.Put(Twin("a", 1, """{"setpoint":40,"mode":"eco"}""") with { Desired = "{\"setpoint\":40.0,\"mode\":\"auto\"}"u8.ToArray() });
        _table.Put(Twin("b", 1, """{"setpoint":40}""") with { Desired = "{\"setpoint\":40}"u8.ToArray() });
        Assert.Equal(["a"], Found("exists(delta)"));
        Assert.Equal(["a"], Found("eq(delta/mode,\"auto\")"));
        Assert.Equal([], Found("exists(delta/setpoint)"));
        _table.Put(Twin("a", 2, """{"setpoint":40,"mode":"auto"}""") with { Desired = "{\"setpoint\":40.0,\"mode\":\"auto\"}"u8.ToArray() });
        Assert.Equal(["a", "b"], Found("empty(delta)"));
    }

    [Fact]
    public void A_path_through_an_array_means_what_is_there_in_each_of_its_objects()
    {
        _table.Put(Twin("a", 1, """{"doors":[{"name":"left","open":true},{"name":"right","open":false}],"codes":[1,[2,"x"]]}"""));
        _table.Put(Twin("b", 1, """{"doors":[{"name":"left","open":false}],"codes":[]}"""));
        Assert.Equal(["a"], Found("eq(reported/doors/open,true)"));
        Assert.Equal(["a", "b"], Found("eq(reported/doors/open,false)"));
        Assert.Equal(["a"], Found("and(eq(reported/codes,2),eq(reported/codes,\"x\"))"));
        Assert.Equal(["b"], Found("empty(reported/codes)"));
        var groups = _table.Aggregate(null, [Path("reported", "doors", "name")], Measures("count,sum(reported/codes)"), 10, Now)!;
        Assert.Equal(
            [(SortValueKind.Text, 0, 0), (SortValueKind.Other, 2, 3)],
            groups.OrderBy(static group => group.Keys[0].Kind).Select(static group => (group.Keys[0].Kind, group.Figures[1].Count, (int)group.Figures[1].Sum)));
    }

    [Fact]
    public void Pages_neither_repeat_nor_leave_out_a_twin_that_stays_as_it_is_while_others_change()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            _table.Put(Twin($"twin-{i:D3}", 1, $$"""{"temp":{{i % 20}}}"""));
        }

        var seen = new List<string>();
        FoundTwin? last = null;
        var sort = Sort("-reported/temp");
        for (var revision = 2; _table.Find(null, sort, last, 10, Now) is [.., var next] page; revision++)
        {
            seen.AddRange(page.Select(static twin => twin.Id));
            last = next;

            // Odd ones move, go or come back, the one the page ended with among them.
            foreach (var i in Enumerable.Range(0, 40).Select(_ => (random.Next(250) * 2) + 1).Append(int.Parse(last.Id[5..]) | 1))
            {
                _table.Put(random.Next(3) == 0 ? Gone($"twin-{i:D3}", revision) : Twin($"twin-{i:D3}", revision, $$"""{"temp":{{random.Next(20)}}}"""));
            }
        }

        var even = seen.Where(static id => int.Parse(id[5..]) % 2 == 0).ToArray();
        Assert.Equal(250, even.Length);
        Assert.Equal(250, even.Distinct().Count());
    }

    [Fact]
    public void Twins_that_are_all_different_are_found_all_the_same_and_take_some_hundred_bytes_for_each_property()
    {
        for (var i = 0; i < 600; i++)
        {
            _table.Put(Twin($"twin-{i}", 1, $$"""{{{string.Join(',', Enumerable.Range(0, 10).Select(p => $"\"p-{i}-{p}\":{p}"))}}}"""));
        }

        Assert.Equal(["twin-37"], Found("eq(reported/p-37-4,4)"));
        Assert.InRange(_table.Bytes / 6000, 1, 700);
    }

    [Fact]
    public void One_group_of_all_is_there_even_of_no_twin()
    {
        var groups = _table.Aggregate(null, [], Measures("count,avg(reported/temp),min(modifiedAt)"), 10, Now)!;
        var group = Assert.Single(groups);
        Assert.Equal([new GroupFigure(0, 0, SortValue.Missing), new GroupFigure(0, 0, SortValue.Missing), new GroupFigure(0, 0, SortValue.Missing)], group.Figures);
        Assert.Empty(_table.Aggregate(null, [Path("id")], Measures("count"), 10, Now)!);
    }

    private static IndexedTwin Twin(string id, long revision, string reported = "{}") => new()
    {
        Id = id,
        Revision = revision,
        Exists = true,
        Reported = Encoding.UTF8.GetBytes(reported),
        CreatedAt = Now.ToUnixTimeMilliseconds(),
        ModifiedAt = Now.ToUnixTimeMilliseconds(),
    };

    private static IndexedTwin Gone(string id, long revision) => new() { Id = id, Revision = revision, Exists = false };

    private static IndexedTwin Stamped(string id, params (string Patch, DateTimeOffset At)[] patches)
    {
        var twin = Twin(id, 1);
        foreach (var (patch, at) in patches)
        {
            var accepted = Stamps.Accept(twin.ReportedStamps, Encoding.UTF8.GetBytes(patch), Stamp.Arrival(at));
            twin = twin with { Reported = MergePatch.Apply(twin.Reported, accepted.Patch), ReportedStamps = accepted.Stamps };
        }

        return twin;
    }

    private static IndexedTwin Seen(string id, int secondsAgo, string? timeout = null) => Twin(id, 1) with
    {
        Online = true,
        LastSeen = Now.AddSeconds(-secondsAgo).ToUnixTimeMilliseconds(),
        Tags = timeout is null ? EmptySection.Bytes : Encoding.UTF8.GetBytes($$"""{"inactivityTimeout":{{timeout}}}"""),
    };

    private string[] Found(string? filter, string sort = "") =>
        Array.ConvertAll(_table.Find(filter is null ? null : FilterOf(filter), Sort(sort), null, 1000, Now), static twin => twin.Id);

    private static Filter FilterOf(string text) =>
        Rql.TryParseFilter(text, out var filter, out var problem) ? filter : throw new ArgumentException(problem.Detail, nameof(text));

    private static SortKey[] Sort(string text) =>
        Rql.TryParseSort(text, out var sort, out var problem) ? sort : throw new ArgumentException(problem.Detail, nameof(text));

    private static Measure[] Measures(string text) =>
        Rql.TryParseMeasures(text, out var measures, out var problem) ? measures : throw new ArgumentException(problem.Detail, nameof(text));

    private static QueryPath Path(params string[] names) =>
        Rql.TryParseGroup(string.Join('/', names), out var paths, out var problem) ? paths[0] : throw new ArgumentException(problem.Detail, nameof(names));
}
