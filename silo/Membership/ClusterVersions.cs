using System.Text.Json;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StackExchange.Redis;
using Twins.Silo.Hosting;
using Twins.Silo.Storage.Redis;

namespace Twins.Silo.Membership;

/// <summary>
/// Keeps this silo out of a cluster whose silos it cannot work with, and away from a store that it cannot read: docs/decisions/0012-versions.md.
/// Each silo notes its version in Redis, beside the membership table, which has no column for it.
/// </summary>
internal sealed partial class ClusterVersions(
    RedisConnection redis,
    IMembershipTable table,
    ILocalSiloDetails self,
    IOptions<TwinsOptions> options,
    IOptions<ClusterMembershipOptions> membership,
    TimeProvider time,
    ILogger<ClusterVersions> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Stores the format that this silo writes if it is the highest so far; returns the highest.</summary>
    private const string RaiseFormat =
        """
        local format = tonumber(redis.call('GET', KEYS[1]) or '0')
        if format < tonumber(ARGV[1]) then
          format = tonumber(ARGV[1])
          redis.call('SET', KEYS[1], ARGV[1])
        end
        return format
        """;

    private readonly RedisKey _versions = $"{options.Value.Cluster.ServiceId}/versions/{options.Value.Cluster.ClusterId}";
    private readonly RedisKey _format = $"{options.Value.Cluster.ServiceId}/format";

    public void Participate(ISiloLifecycle observer)
    {
        // After the membership table was opened, in the turn to join, and before this silo is in the table.
        observer.Subscribe(nameof(ClusterVersions), ServiceLifecycleStage.RuntimeGrainServices + 1, JoinAsync);

        // Again when it is in the table: until then another silo that joins may take the note for a left-over.
        observer.Subscribe(nameof(ClusterVersions), ServiceLifecycleStage.Active, _ => GuardAsync(NoteAsync));

        // Removed when it is dead in the table: an active silo without a note counts as release 0.1.
        observer.Subscribe(nameof(ClusterVersions), ServiceLifecycleStage.RuntimeInitialize, _ => Task.CompletedTask, RemoveAsync);
    }

    /// <summary>Checks the store and the cluster before anything starts, so that a refusal is one sentence.</summary>
    /// <exception cref="StartupRefusedException">This silo cannot read the store, or cannot work with a silo of the cluster.</exception>
    public Task CheckAsync(CancellationToken cancellationToken = default) => GuardAsync(async () =>
    {
        var database = await redis.DatabaseAsync();
        CheckFormat((await database.StringGetAsync(_format)).TryParse(out int format) ? format : 0);
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, cancellationToken);
        await CheckMembersAsync(cancellationToken);
    });

    /// <summary>Returns whether Orleans, too, would take an entry of the membership table for a silo that joins or works.</summary>
    internal static bool IsMember(MembershipEntry entry, SiloAddress self, DateTime now, ClusterMembershipOptions membership) =>
        entry.Status is SiloStatus.Joining or SiloStatus.Active
        && !entry.SiloAddress.Endpoint.Equals(self.Endpoint)
        && now - LastSign(entry) <= Expiry(membership);

    /// <summary>A silo without a sign of life for longer than this is not asked for a join (see MembershipHosting).</summary>
    private static TimeSpan Expiry(ClusterMembershipOptions membership) =>
        membership.IAmAliveTablePublishTimeout * membership.NumMissedTableIAmAliveLimit;

    private static DateTime LastSign(MembershipEntry entry) => entry.IAmAliveTime > entry.StartTime ? entry.IAmAliveTime : entry.StartTime;

    private static void CheckFormat(int format)
    {
        if (format > SiloVersion.Own.Reads)
        {
            throw new StartupRefusedException(
                $"the store has format {format}, and this version reads formats up to {SiloVersion.Own.Reads}; start the release that wrote it, or a later one.");
        }
    }

    private Task JoinAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await NoteAsync();
        try
        {
            await CheckMembersAsync(cancellationToken);
            var database = await redis.DatabaseAsync();
            CheckFormat((int)await database.ScriptEvaluateAsync(RaiseFormat, [_format], [SiloVersion.Own.Writes]));
            await RemoveLeftOversAsync(database, cancellationToken);
        }
        catch
        {
            await RemoveAsync(cancellationToken);
            throw;
        }
    });

    private async Task NoteAsync()
    {
        var database = await redis.DatabaseAsync();
        await database.HashSetAsync(_versions, self.SiloAddress.ToParsableString(), JsonSerializer.Serialize(SiloVersion.Own, SiloVersionJson.Default.SiloVersion));
    }

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var database = await redis.DatabaseAsync();
            await database.HashDeleteAsync(_versions, self.SiloAddress.ToParsableString());
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            // The next silo that joins removes it.
            NotRemoved(exception);
        }
    }

    /// <summary>
    /// A silo that was killed is in the table as if it lived. One that lives shows a new sign of life while this waits; the entry of one
    /// that does not expires.
    /// </summary>
    private async Task CheckMembersAsync(CancellationToken cancellationToken)
    {
        var signs = new Dictionary<SiloAddress, DateTime>();
        var started = time.GetTimestamp();
        while (await FindConflictAsync(cancellationToken) is (var member, { } reason))
        {
            if (signs.TryAdd(member.SiloAddress, LastSign(member)))
            {
                Waiting(member.SiloAddress.ToParsableString());
            }
            else if (signs[member.SiloAddress] != LastSign(member) || time.GetElapsedTime(started) > 2 * Expiry(membership.Value))
            {
                throw new StartupRefusedException(reason);
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    private async Task<(MembershipEntry Member, string Reason)?> FindConflictAsync(CancellationToken cancellationToken)
    {
        // In this order: a silo that is in the table noted its version before.
        var read = await table.ReadAllAsync(cancellationToken);
        var noted = await NotedAsync(await redis.DatabaseAsync());
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var (member, _) in read.Members)
        {
            var name = member.SiloAddress.ToParsableString();
            if (IsMember(member, self.SiloAddress, now, membership.Value)
                && SiloVersion.Own.WhyNotWith(Parse(noted.GetValueOrDefault(name)), member.SiloAddress.Endpoint.ToString()) is { } reason)
            {
                return (member, reason);
            }
        }

        return null;
    }

    private static SiloVersion Parse(string? noted) =>
        noted is null ? SiloVersion.NotNoted : JsonSerializer.Deserialize(noted, SiloVersionJson.Default.SiloVersion)!;

    private async Task<Dictionary<string, string>> NotedAsync(IDatabase database) =>
        (await database.HashGetAllAsync(_versions)).ToDictionary(entry => entry.Name.ToString(), entry => entry.Value.ToString(), StringComparer.Ordinal);

    /// <summary>Removes the notes of silos that ended without doing so.</summary>
    private async Task RemoveLeftOversAsync(IDatabase database, CancellationToken cancellationToken)
    {
        // In this order: a silo that comes into the table meanwhile is not removed.
        var noted = await NotedAsync(database);
        var read = await table.ReadAllAsync(cancellationToken);
        var alive = read.Members.Select(member => member.Item1).Where(entry => entry.Status != SiloStatus.Dead)
            .Select(entry => entry.SiloAddress).Append(self.SiloAddress).Select(address => address.ToParsableString()).ToHashSet(StringComparer.Ordinal);
        RedisValue[] leftOver = [.. noted.Keys.Where(name => !alive.Contains(name)).Select(name => (RedisValue)name)];
        if (leftOver.Length > 0)
        {
            await database.HashDeleteAsync(_versions, leftOver);
        }
    }

    /// <summary>Tells an operator in one sentence if Redis fails at start-up.</summary>
    private static async Task GuardAsync(Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new StartupRefusedException($"the versions of the silos cannot be read from Redis or noted there: {RedisFaults.Of(exception).Message}.", exception);
        }
    }

    [LoggerMessage(LogEvents.VersionWaiting, LogLevel.Information, "Waiting for a sign of life of silo {Silo}, whose version this silo cannot work with.")]
    private partial void Waiting(string silo);

    [LoggerMessage(LogEvents.VersionNotRemoved, LogLevel.Debug, "Failed to remove the version of this silo from Redis.")]
    private partial void NotRemoved(Exception exception);
}
