using System.Net;
using Orleans.Configuration;
using Twins.Silo.Membership;
using Xunit;

namespace Twins.Silo.Tests.Membership;

public sealed class ClusterVersionsTests
{
    private static readonly DateTime s_now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static readonly SiloAddress s_self = SiloAddress.New(IPAddress.Loopback, 11111, 2);
    private static readonly SiloAddress s_other = SiloAddress.New(IPAddress.Loopback, 11112, 1);

    [Theory]
    [InlineData(SiloStatus.Joining, true)]
    [InlineData(SiloStatus.Active, true)]
    [InlineData(SiloStatus.ShuttingDown, false)]
    [InlineData(SiloStatus.Stopping, false)]
    [InlineData(SiloStatus.Dead, false)]
    public void Member_is_joining_or_active(SiloStatus status, bool member) => Assert.Equal(member, IsMember(s_other, status, s_now, s_now));

    [Theory]
    [InlineData(9, 9, true)]
    [InlineData(10, 9, true)]
    [InlineData(9, 10, true)]
    [InlineData(10, 10, false)]
    public void Member_without_a_sign_of_life_is_ignored(int startedBefore, int aliveBefore, bool member) =>
        Assert.Equal(member, IsMember(s_other, SiloStatus.Active, s_now.AddSeconds(-startedBefore), s_now.AddSeconds(-aliveBefore)));

    [Fact]
    public void Earlier_run_of_this_silo_is_ignored() =>
        Assert.False(IsMember(SiloAddress.New(s_self.Endpoint, 1), SiloStatus.Active, s_now, s_now));

    private static bool IsMember(SiloAddress address, SiloStatus status, DateTime started, DateTime alive) => ClusterVersions.IsMember(
        new MembershipEntry { SiloAddress = address, Status = status, StartTime = started, IAmAliveTime = alive },
        s_self,
        s_now,
        new ClusterMembershipOptions { IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3), NumMissedTableIAmAliveLimit = 3 });
}
