using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Twins.Silo.Fleet;
using Twins.Silo.Fleet.Index;
using Twins.Silo.Membership;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

public sealed class FleetIndexTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeCluster _cluster = new();
    private readonly LocalPartitions _local = new();
    private readonly FakePartition[] _partitions = [.. Enumerable.Range(0, FleetPartitions.Count).Select(_ => new FakePartition())];
    private readonly FleetIndex _index;

    public FleetIndexTests()
    {
        foreach (var partition in _partitions)
        {
            partition.Progressing = new PartitionProgress(Ready: false, 0, _cluster.SiloAddress);
        }

        _index = new FleetIndex(new FleetPartitions(_partitions), _local, new SiloEnds(_cluster, _cluster), _cluster, _cluster, _time, NullLogger<FleetIndex>.Instance);
    }

    public async ValueTask InitializeAsync() => await _index.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _index.StopAsync(CancellationToken.None);
        _index.Dispose();
    }

    [Fact]
    public async Task Partitions_are_asked_until_all_are_complete_and_no_longer()
    {
        await AskedAgain();
        await AskedAgain();

        Complete();
        await NotAskedForAnHour();
    }

    [Fact]
    public async Task Partitions_are_asked_again_when_one_leaves()
    {
        Complete();
        await NotAskedForAnHour();
        var before = Asked;

        _local.Leave(3, this);
        await Eventually.Is(() => Asked == before + FleetPartitions.Count, "all to be asked once");
    }

    [Fact]
    public async Task End_of_a_silo_makes_all_partitions_read_again()
    {
        await AskedAgain();
        _cluster.Set(FakeCluster.Silo(2), SiloStatus.Active);
        _cluster.Set(FakeCluster.Silo(2), SiloStatus.Dead);
        await AskedAgain();

        Assert.All(_partitions, partition => Assert.Equal(1, partition.ReadAgainCalls));
    }

    [Fact]
    public async Task Partitions_move_home_one_at_a_time_when_silos_have_settled()
    {
        foreach (var shard in Enumerable.Range(0, FleetPartitions.Count))
        {
            _local.Enter(shard, this);
        }

        await AskedAgain();
        Complete();
        _cluster.Set(FakeCluster.Silo(2), SiloStatus.Active);
        await AskedAgain();
        Assert.All(_partitions, partition => Assert.Null(partition.MovedTo));

        await Eventually.Is(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _partitions.Count(partition => partition.MovedTo is not null) == FleetPartitions.Count / 2;
            },
            "half of them to move");
        Assert.All(_partitions.Index(), partition => Assert.Equal(partition.Index % 2 == 1 ? FakeCluster.Silo(2) : null, partition.Item.MovedTo));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(100)]
    public void Every_silo_has_as_many_partitions_as_the_next(int count)
    {
        SiloAddress[] silos = [.. Enumerable.Range(0, count).Select(FakeCluster.Silo)];
        var held = Enumerable.Range(0, FleetPartitions.Count).CountBy(shard => PartitionPlacementDirector.HomeOf(shard, silos)).ToDictionary();

        Assert.All(silos, silo => Assert.InRange(held.GetValueOrDefault(silo), FleetPartitions.Count / count, (FleetPartitions.Count + count - 1) / count));
    }

    private void Complete()
    {
        foreach (var partition in _partitions)
        {
            partition.Progressing = partition.Progressing! with { Ready = true };
        }
    }

    private int Asked => _partitions.Sum(partition => partition.ProgressCalls);

    private Task AskedAgain()
    {
        var before = Asked;
        return Eventually.Is(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return Asked >= before + FleetPartitions.Count;
            },
            "all to be asked again");
    }

    private Task NotAskedForAnHour() => Eventually.Passes(async () =>
    {
        var before = Asked;
        for (var minute = 0; minute < 60; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.Equal(before, Asked);
    });
}
