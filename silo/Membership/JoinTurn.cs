using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Twins.Silo.Hosting;
using Twins.Silo.Storage.Redis;

namespace Twins.Silo.Membership;

/// <summary>
/// Silos that start at once join one after the other. Two that write the membership table at the same time would do:
/// one of them is refused, and Orleans then waits for some 2 s before it tries again, at each of two writes. The turn is
/// a key in the store that goes by itself; a silo that can not have it joins without, and is at worst slow.
/// </summary>
internal sealed partial class JoinTurn(RedisConnection redis, IOptions<TwinsOptions> options, TimeProvider time, ILogger<JoinTurn> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Several times what joining takes; behind it the turn of a silo that died while it joined is over.</summary>
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(5);

    /// <summary>How long a silo waits for others at most.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly RedisKey _key = $"{options.Value.Cluster.ServiceId}/joining/{options.Value.Cluster.ClusterId}";
    private readonly RedisValue _token = Guid.NewGuid().ToString("N");

    public void Participate(ISiloLifecycle observer)
    {
        // Before the table is read for the first time, which writes where an earlier run of this silo is found in it.
        observer.Subscribe(nameof(JoinTurn), ServiceLifecycleStage.RuntimeGrainServices - 1, Take);
        observer.Subscribe(nameof(JoinTurn), ServiceLifecycleStage.Active, Release);
    }

    private async Task Take(CancellationToken cancellationToken)
    {
        try
        {
            var database = await redis.DatabaseAsync();
            var started = time.GetTimestamp();
            while (!await database.LockTakeAsync(_key, _token, Term) && time.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Failed(exception);
        }
    }

    private async Task Release(CancellationToken cancellationToken)
    {
        try
        {
            await (await redis.DatabaseAsync()).LockReleaseAsync(_key, _token);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Failed(exception);
        }
    }

    [LoggerMessage(LogEvents.JoinTurnFailed, LogLevel.Debug, "The turn to join the cluster could not be asked for, or given back.")]
    private partial void Failed(Exception exception);
}
