namespace Twins.Api.Http;

/// <summary>Answers JSON that exists as bytes already, without reading it: the fast way from a grain to a socket.</summary>
/// <param name="Body">JSON, in UTF-8.</param>
/// <param name="ETag">The revision for the <c>ETag</c>, where the answer has one.</param>
internal sealed record JsonBytes(ReadOnlyMemory<byte> Body, long? ETag = null) : IResult, IStatusCodeHttpResult
{
    /// <inheritdoc/>
    public int? StatusCode => StatusCodes.Status200OK;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = MediaTypes.Json;
        response.ContentLength = Body.Length;
        if (ETag is { } revision)
        {
            response.Headers.ETag = EntityTags.Of(revision);
            response.Headers.CacheControl = CacheControl.Revalidate;
        }

        var write = response.BodyWriter.WriteAsync(Body, httpContext.RequestAborted);
        return write.IsCompletedSuccessfully ? Task.CompletedTask : write.AsTask();
    }
}
