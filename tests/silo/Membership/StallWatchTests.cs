using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Twins.Silo.Membership;
using Xunit;

namespace Twins.Silo.Tests.Membership;

public sealed class StallWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Members _members = new();

    [Fact]
    public async Task Who_stood_still_looks_and_is_in_doubt_until_it_has_seen()
    {
        var pulse = new Pulse(_time, TimeSpan.FromMilliseconds(100));
        using var watch = new StallWatch(_members, pulse, NullLogger<StallWatch>.Instance);
        await watch.StartAsync(TestContext.Current.CancellationToken);
        _members.Away = true;
        var looked = await Eventually.Holds(() => Task.FromResult(StandStill()), looked => looked > 0);

        // No time passes any more: only who is still in doubt looks again.
        await Eventually.Holds(() => Task.FromResult(_members.Looked), now => now >= looked + 2);
        Assert.True(pulse.IsDoubtful);

        _members.Away = false;
        await Eventually.Holds(() => Task.FromResult(pulse.IsDoubtful), doubtful => !doubtful);

        await watch.StopAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(pulse.IsDoubtful);
    }

    private int StandStill()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return _members.Looked;
    }

    private sealed class Members : IClusterMembershipService
    {
        private int _looked;

        public bool Away { get; set; }

        public int Looked => Volatile.Read(ref _looked);

        public ClusterMembershipSnapshot CurrentSnapshot => throw new NotSupportedException();

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _looked);
            return Away ? ValueTask.FromException(new TimeoutException()) : ValueTask.CompletedTask;
        }

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
    }
}
