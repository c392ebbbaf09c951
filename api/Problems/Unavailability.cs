using System.Net.Sockets;
using StackExchange.Redis;
using Twins.Contracts.Storage;
using Twins.Contracts.Twins;

namespace Twins.Api.Problems;

/// <summary>Tells what the twins' side can not do just now from what will never work.</summary>
internal static class Unavailability
{
    /// <summary>Whether the same call may succeed in a moment, on another silo or when the store is back.</summary>
    public static bool Is(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            // A silo that leaves: calls are rejected (OrleansException and what derives from it), connections end
            // (ConnectionAbortedException is an OperationCanceledException), and what a call still needs is disposed of.
            // A storage provider wraps its cause by name (RedisStorageException); the cause itself may not have survived
            // the way from another process, so the family is recognised by where it comes from.
            if (exception is TwinUnavailableException or StoreException or TimeoutException or OrleansException or RedisException or OperationCanceledException
                    or ObjectDisposedException or IOException or SocketException
                || exception.GetType().Namespace is "Orleans.Persistence" or "Orleans.Storage" or "Orleans.Runtime" or "Orleans.Runtime.Messaging")
            {
                return true;
            }
        }

        return false;
    }
}
