using System.Net.Sockets;
using System.Text.RegularExpressions;
using Orleans.Persistence.Redis;
using StackExchange.Redis;
using Twins.Contracts.Storage;

namespace Twins.Silo.Storage.Redis;

/// <summary>Tells what an error of Redis or of its client means for the store.</summary>
internal static partial class RedisFaults
{
    /// <summary>The reason if Redis refuses the password.</summary>
    public const string Refused = "Redis refuses the password; correct user and password in Twins:Store:Redis";

    /// <summary>The reason if Redis is a replica.</summary>
    public const string Replica = "Redis is a read-only replica";

    private const string Unreachable = "Redis cannot be reached";

    private const string Denied = "the user of Twins:Store:Redis lacks a permission";

    /// <summary>Returns whether an exception comes from Redis, its client or Orleans' provider.</summary>
    public static bool IsOfRedis(Exception exception) =>
        exception is RedisException or RedisCommandException or TimeoutException or RedisStorageException || IsOfBrokenConnection(exception);

    /// <summary>Returns whether Redis refuses the user or the password.</summary>
    public static bool IsRefusal(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception.Message.Contains("WRONGPASS", StringComparison.Ordinal) || exception.Message.Contains("NOAUTH", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the exception that callers of the store get; it keeps <paramref name="exception"/> as its cause.</summary>
    public static StoreException Of(Exception exception) => exception as StoreException ?? exception switch
    {
        RedisStorageException { InnerException: { } cause } => Of(cause),
        RedisStorageException => OfProvider(exception),
        _ when IsRefusal(exception) => new StoreException(StoreFault.Denied, Refused, exception),
        RedisServerException => OfServer(exception.Message, exception),
        RedisTimeoutException or TimeoutException => new StoreException(StoreFault.Unreachable, "Redis did not answer in time", exception),
        RedisConnectionException => new StoreException(StoreFault.Unreachable, Unreachable, exception),
        RedisCommandException => new StoreException(StoreFault.Denied, $"the client cannot send a command ({exception.Message})", exception),
        _ when IsOfBrokenConnection(exception) => new StoreException(StoreFault.Unreachable, Unreachable, exception),
        OutOfMemoryException => new StoreException(StoreFault.OutOfMemory, "the process has no memory left", exception),
        _ => new StoreException(StoreFault.Failed, $"Redis failed: {exception.GetBaseException().Message}", exception),
    };

    /// <summary>
    /// Returns whether the client failed because its connection broke under a command. The client then passes on exceptions of its
    /// socket and its pipe ("Reading is not allowed after reader was completed") that are not of its own types.
    /// </summary>
    private static bool IsOfBrokenConnection(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException;

    /// <summary>Orleans' provider keeps its cause only as text: <c>… StackExchange.Redis.RedisServerException: OOM command not allowed …</c>.</summary>
    private static StoreException OfProvider(Exception exception)
    {
        var cause = Cause().Match(exception.Message);
        return cause.Groups["type"].Value switch
        {
            _ when IsRefusal(exception) => new StoreException(StoreFault.Denied, Refused, exception),
            nameof(RedisServerException) => OfServer(cause.Groups["message"].Value, exception),
            nameof(RedisTimeoutException) => new StoreException(StoreFault.Unreachable, "Redis did not answer in time", exception),
            nameof(RedisConnectionException) or nameof(IOException) or nameof(SocketException) or nameof(ObjectDisposedException) or nameof(InvalidOperationException) =>
                new StoreException(StoreFault.Unreachable, Unreachable, exception),
            _ => new StoreException(StoreFault.Failed, $"Redis failed: {exception.Message}", exception),
        };
    }

    private static StoreException OfServer(string message, Exception exception)
    {
        var (fault, reason) = CodeOf(message) switch
        {
            "READONLY" => (StoreFault.ReadOnly, Replica),
            "OOM" => (StoreFault.Full, "Redis has reached maxmemory"),
            "MISCONF" => (StoreFault.Full, "Redis cannot write to its disk"),
            "NOPERM" => (StoreFault.Denied, Denied),
            "NOREPLICAS" => (StoreFault.ReadOnly, "Redis has too few replicas (min-replicas-to-write)"),
            "LOADING" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN" => (StoreFault.Unreachable, "Redis is not ready"),
            _ => (StoreFault.Failed, "Redis failed"),
        };
        return new StoreException(fault, $"{reason} ({message})", exception);
    }

    /// <summary>
    /// Returns the kind of an error, which is its first word
    /// (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors). Errors of commands within a script have it
    /// elsewhere with Redis 6, and none if the user lacks a permission.
    /// </summary>
    private static string CodeOf(string message)
    {
        var code = Code().Match(message).Value;
        return code.Length > 0 ? code
            : message.Contains("ACL failure in script", StringComparison.Ordinal) || message.Contains("user executing the script", StringComparison.Ordinal) ? "NOPERM"
            : "";
    }

    [GeneratedRegex(@"\b(READONLY|OOM|MISCONF|NOPERM|NOREPLICAS|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"(StackExchange\.Redis|System(\.IO|\.Net\.Sockets)?)\.(?<type>\w+Exception): (?<message>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.RightToLeft, 1000)]
    private static partial Regex Cause();
}
