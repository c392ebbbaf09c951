using Microsoft.AspNetCore.Diagnostics;
using Twins.Contracts;
using Twins.Contracts.Fleet;
using Twins.Contracts.Storage;
using Twins.Silo.Health;

namespace Twins.Api.Problems;

/// <summary>
/// The last resort: an exception becomes a problem that says no more than the caller can use. What the twins' side
/// can not do just now is 503, to be tried again; what is left is 500.
/// </summary>
internal sealed partial class UnhandledExceptions(Readiness readiness, ILogger<UnhandledExceptions> logger) : IExceptionHandler
{
    private const int IndexRetrySeconds = 2;

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer. 499 is what proxies log for it.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        if (exception is IndexRebuildingException rebuilding)
        {
            await Rebuilding(rebuilding).ExecuteAsync(httpContext);
            return true;
        }

        var problem = ToProblem(exception);
        if (StoreFaults.FaultOf(exception) is not null)
        {
            // The silo has logged it once.
            if (logger.IsEnabled(LogLevel.Debug))
            {
                var (method, path, code) = (httpContext.Request.Method, httpContext.Request.Path.ToString(), problem.Code);
                LogStoreFailed(exception, method, path, code);
            }
        }
        else if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            LogUnavailable(exception, httpContext.Request.Method, httpContext.Request.Path);
        }
        else if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogFailed(exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        await new ProblemResult(problem).ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>
    /// Not for the log, and not for <see cref="Http.ReadRetry"/>: the index says itself how it comes along, and what takes seconds is
    /// not there a moment later.
    /// </summary>
    private static ProblemResult Rebuilding(IndexRebuildingException exception) =>
        new(new Problem(StatusCodes.Status503ServiceUnavailable, "index-rebuilding", exception.Message))
        {
            RetryAfterSeconds = IndexRetrySeconds,
            Index = new IndexProgress(exception.Ready, exception.Partitions, exception.Twins),
        };

    private Problem ToProblem(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            RequestProblems.BodyTooLarge(Http.JsonBody.MaxBytes),
        FilterTooSlowException slow => RequestProblems.FilterTooSlow(slow),
        TooManyQueriesException refused => RequestProblems.TooManyQueries(refused),
        IndexOffException off => RequestProblems.IndexOff(off),
        BadHttpRequestException bad => new Problem(bad.StatusCode, "bad-request", bad.Message),
        _ when StoreFaults.FaultOf(exception) is { } fault && !readiness.IsDraining => StoreProblems.Of(fault),
        // What a process that ends has taken down already fails in ways of its own; elsewhere the same request succeeds.
        _ when Unavailability.Is(exception) || readiness.IsDraining => new Problem(
            StatusCodes.Status503ServiceUnavailable,
            "unavailable",
            "the twins, or the store behind them, did not answer; nothing is known to be done: try again"),
        _ => new Problem(
            StatusCodes.Status500InternalServerError,
            "internal-error",
            "the request failed for a reason that is not yours; the log of the server has it"),
    };

    [LoggerMessage(EventId = ApiLogEvents.RequestUnavailable, Level = LogLevel.Warning, Message = "{Method} {Path}: the twins or their store did not answer")]
    private partial void LogUnavailable(Exception exception, string method, string path);

    [LoggerMessage(EventId = ApiLogEvents.RequestNotStored, Level = LogLevel.Debug, Message = "Failed to answer {Method} {Path}: {Code}")]
    private partial void LogStoreFailed(Exception exception, string method, string path, string code);

    [LoggerMessage(EventId = ApiLogEvents.RequestFailed, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailed(Exception exception, string method, string path);
}
