namespace Twins.Api.Http;

/// <summary>304: what the caller has is still so.</summary>
/// <param name="Revision">The revision that is current, for the <c>ETag</c>.</param>
internal sealed record NotModified(long Revision) : IResult, IStatusCodeHttpResult
{
    /// <inheritdoc/>
    public int? StatusCode => StatusCodes.Status304NotModified;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        httpContext.Response.Headers.ETag = EntityTags.Of(Revision);
        httpContext.Response.Headers.CacheControl = CacheControl.Revalidate;
        return Task.CompletedTask;
    }
}
