using Microsoft.AspNetCore.Diagnostics;
using StackExchange.Redis;
using Twins.Contracts;
using Twins.Contracts.Twins;

namespace Twins.Api.Problems;

/// <summary>
/// The last resort: an exception becomes a problem that says no more than the caller can use. What the twins' side
/// can not do just now is 503, to be tried again; what is left is 500.
/// </summary>
internal sealed partial class UnhandledExceptions(ILogger<UnhandledExceptions> logger) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer. 499 is what proxies log for it.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = ToProblem(exception);
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            LogUnavailable(exception, httpContext.Request.Method, httpContext.Request.Path);
        }
        else if (problem.Status >= StatusCodes.Status500InternalServerError)
        {
            LogFailed(exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        await new ProblemResult(problem).ExecuteAsync(httpContext);
        return true;
    }

    private static Problem ToProblem(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            RequestProblems.BodyTooLarge(Http.JsonBody.MaxBytes),
        BadHttpRequestException bad => new Problem(bad.StatusCode, "bad-request", bad.Message),
        _ when IsUnavailable(exception) => new Problem(
            StatusCodes.Status503ServiceUnavailable,
            "unavailable",
            "the twins, or the store behind them, did not answer; nothing is known to be done: try again"),
        _ => new Problem(
            StatusCodes.Status500InternalServerError,
            "internal-error",
            "the request failed for a reason that is not yours; the log of the server has it"),
    };

    private static bool IsUnavailable(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            // A storage provider wraps its cause by name (RedisStorageException); the cause itself may not have
            // survived the way from another process, so the family is recognised by where it comes from.
            if (exception is TwinUnavailableException or TimeoutException or OrleansException or RedisException or OperationCanceledException
                || exception.GetType().Namespace is "Orleans.Persistence" or "Orleans.Storage")
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(EventId = ApiLogEvents.RequestUnavailable, Level = LogLevel.Warning, Message = "{Method} {Path}: the twins or their store did not answer")]
    private partial void LogUnavailable(Exception exception, string method, string path);

    [LoggerMessage(EventId = ApiLogEvents.RequestFailed, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailed(Exception exception, string method, string path);
}
