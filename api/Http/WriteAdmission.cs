using Twins.Api.Problems;
using Twins.Silo.Links;

namespace Twins.Api.Http;

/// <summary>
/// Refuses writes with 429 when <c>Twins:Limits:QueueMiB</c> is used up by what waits for the store. Deletes are taken: they free
/// space.
/// </summary>
internal static class WriteAdmission
{
    private const string Source = "http";

    /// <summary>Adds it to the way of a request.</summary>
    public static void UseWriteAdmission(this WebApplication app)
    {
        var budget = app.Services.GetRequiredService<QueueBudget>();
        app.Use((context, next) => IsWrite(context.Request) ? Admit(context, next, budget) : next(context));
    }

    /// <summary>Gives back what the request took: it is stored, and waits for something else.</summary>
    public static void Stored(HttpContext context) => context.Features.Get<QueueReservation>()?.Dispose();

    private static async Task Admit(HttpContext context, RequestDelegate next, QueueBudget budget)
    {
        // A body without a length may be as long as any.
        var bytes = QueueBudget.Of(Math.Min(context.Request.ContentLength ?? JsonBody.MaxBytes, JsonBody.MaxBytes));
        if (!budget.TryTake(bytes, Source))
        {
            await StoreProblems.Overloaded().ToResult().ExecuteAsync(context);
            return;
        }

        using var reservation = new QueueReservation(budget, bytes);
        context.Features.Set(reservation);
        await next(context);
    }

    private static bool IsWrite(HttpRequest request) =>
        (HttpMethods.IsPut(request.Method) || HttpMethods.IsPatch(request.Method) || HttpMethods.IsPost(request.Method))
        && request.Path.StartsWithSegments("/twins", StringComparison.OrdinalIgnoreCase);

    private sealed class QueueReservation(QueueBudget budget, long bytes) : IDisposable
    {
        private long _bytes = bytes;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, 0) is > 0 and var taken)
            {
                budget.Return(taken);
            }
        }
    }
}
