namespace Twins.Silo.Twins;

/// <summary>Times as UTC ticks: 8 bytes, where a nullable <see cref="DateTimeOffset"/> takes 24.</summary>
internal static class Ticks
{
    /// <summary>Returns the ticks of a time; 0 for none.</summary>
    public static long Of(DateTimeOffset? time) => time?.UtcTicks ?? 0;

    /// <summary>Returns the time, in UTC; null for 0.</summary>
    public static DateTimeOffset? ToTime(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
}
