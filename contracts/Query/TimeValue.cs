namespace Twins.Contracts.Query;

/// <summary>
/// A moment: <c>time:2026-01-02T03:04:05Z</c>, or relative to when it is asked, <c>time:now-15m</c>. Compared with times
/// of the document (<see cref="QueryPath.IsTime"/>), and with texts that are RFC 3339 times.
/// </summary>
/// <param name="Moment">The moment; null for one relative to now.</param>
/// <param name="Offset">What is added to now; zero where there is a moment.</param>
public sealed record TimeValue(DateTimeOffset? Moment, TimeSpan Offset) : QueryValue
{
    /// <summary>The moment in Unix milliseconds.</summary>
    /// <param name="now">When it is asked.</param>
    public long At(DateTimeOffset now) => (Moment ?? now + Offset).ToUnixTimeMilliseconds();
}
