namespace Twins.Contracts.Tests;

public sealed class SortableIdTests
{
    [Fact]
    public void Sorts_by_time_of_making_from_all_threads()
    {
        var before = DateTimeOffset.UtcNow;
        var all = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4)
            .Select(_ => Enumerable.Range(0, 5_000).Select(_ => SortableId.New(TimeProvider.System)).ToArray()).ToArray();
        foreach (var ids in all)
        {
            Assert.True(ids.SequenceEqual(ids.Order(StringComparer.Ordinal), StringComparer.Ordinal));
        }

        var distinct = all.SelectMany(ids => ids).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(20_000, distinct.Count);
        Assert.All(distinct, id => Assert.True(SortableId.TryParse(id, out var madeAt) && madeAt >= before.AddSeconds(-1)));
        Assert.All(distinct, id => Assert.Matches("^[0-7][0-9A-HJKMNP-TV-Z]{25}$", id));
    }

    [Fact]
    public void Goes_on_when_the_clock_is_set_back()
    {
        var late = SortableId.New(TimeProvider.System);
        var early = SortableId.New(new Clock(DateTimeOffset.UnixEpoch));
        Assert.True(string.CompareOrdinal(late, early) < 0);
    }

    [Theory]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAV", true)]
    [InlineData("01arz3ndektsv4rrffq69g5fav", true)]
    [InlineData("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", false)]
    [InlineData("81ARZ3NDEKTSV4RRFFQ69G5FAV", false)]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA", false)]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAU", false)]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAé", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Reads_ids(string? id, bool valid)
    {
        Assert.Equal(valid, SortableId.TryParse(id, out var madeAt));
        if (valid)
        {
            // The example of the ULID specification.
            Assert.Equal(1_469_922_850_259, madeAt.ToUnixTimeMilliseconds());
        }
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
