using StackExchange.Redis;
using Twins.Contracts.Storage;

namespace Twins.Silo.Storage.Redis;

/// <summary>Tells what an error of Redis or of its client means for the store.</summary>
internal static class RedisFaults
{
    /// <summary>Returns the exception that callers of the store get; it keeps <paramref name="exception"/> as its cause.</summary>
    public static StoreException Of(Exception exception) => exception as StoreException ?? exception switch
    {
        RedisServerException server => Of(server),
        RedisTimeoutException or TimeoutException => new StoreException(StoreFault.Unreachable, "Redis did not answer in time", exception),
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } =>
            new StoreException(StoreFault.Denied, "Redis refuses the password; correct password (and user) in Twins:Store:Redis", exception),
        RedisConnectionException => new StoreException(StoreFault.Unreachable, "Redis cannot be reached", exception),
        OutOfMemoryException => new StoreException(StoreFault.OutOfMemory, "the process has no memory left", exception),
        _ => new StoreException(StoreFault.Failed, $"Redis failed: {exception.GetBaseException().Message}", exception),
    };

    private static StoreException Of(RedisServerException exception)
    {
        // The first word of an error names its kind: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
        var (fault, reason) = exception.Message.Split(' ', 2)[0] switch
        {
            "READONLY" => (StoreFault.ReadOnly, "Redis is a read-only replica"),
            "OOM" => (StoreFault.Full, "Redis has reached maxmemory"),
            "MISCONF" => (StoreFault.Full, "Redis cannot write to its disk"),
            "NOPERM" => (StoreFault.Denied, "the user of Twins:Store:Redis lacks a permission"),
            "NOAUTH" or "WRONGPASS" => (StoreFault.Denied, "Redis refuses the password; correct password (and user) in Twins:Store:Redis"),
            "NOREPLICAS" => (StoreFault.ReadOnly, "Redis has too few replicas (min-replicas-to-write)"),
            "LOADING" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN" => (StoreFault.Unreachable, "Redis is not ready"),
            _ => (StoreFault.Failed, "Redis failed"),
        };
        return new StoreException(fault, $"{reason} ({exception.Message})", exception);
    }
}
