using System.Net.Sockets;
using Orleans.Persistence.Redis;
using StackExchange.Redis;
using Twins.Contracts.Storage;
using Twins.Silo.Storage.Redis;
using Xunit;

namespace Twins.Silo.Tests.Storage;

/// <summary>Exceptions of the Redis client, and the faults that callers of the store get for them.</summary>
public sealed class RedisFaultsTests
{
    /// <summary>A connection that breaks under a command makes the client throw exceptions of its socket and its pipe.</summary>
    public static TheoryData<Exception> OfBrokenConnections => [
        new InvalidOperationException("Reading is not allowed after reader was completed."),
        new ObjectDisposedException("System.Net.Sockets.Socket"),
        new IOException("Unable to read data from the transport connection"),
        new SocketException((int)SocketError.ConnectionReset),
        new RedisConnectionException(ConnectionFailureType.SocketClosed, "SocketClosed"),
    ];

    [Theory]
    [MemberData(nameof(OfBrokenConnections), DisableDiscoveryEnumeration = true)]
    public void Broken_connection_is_unreachable(Exception exception)
    {
        Assert.True(RedisFaults.IsOfRedis(exception));
        Assert.Equal(StoreFault.Unreachable, RedisFaults.Of(exception).Fault);
    }

    [Theory]
    [MemberData(nameof(OfBrokenConnections), DisableDiscoveryEnumeration = true)]
    public void Broken_connection_in_the_provider_is_unreachable(Exception exception)
    {
        // The provider keeps its cause as text only.
        var wrapped = new RedisStorageException($"Failed to write grain state for twin grain with id twin/a. {exception.GetType().FullName}: {exception.Message}");
        Assert.Equal(StoreFault.Unreachable, RedisFaults.Of(wrapped).Fault);
    }

    [Fact]
    public void Other_exceptions_are_not_of_Redis()
    {
        Assert.False(RedisFaults.IsOfRedis(new FormatException()));
        Assert.False(RedisFaults.IsOfRedis(new StoreException(StoreFault.Full, "full")));
    }
}
