using System.Buffers.Text;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Fleet;

/// <summary>
/// Finds in a Server-Sent Event what <see cref="FleetPayload"/> has put into it. It looks for a few bytes and reads digits: parsing
/// JSON would cost a thousand watchers more than the server that is measured.
/// </summary>
internal static class EventScanner
{
    /// <summary>Where the first whole event ends, the empty line behind it included; -1 where none is whole.</summary>
    public static int EndOfEvent(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\n\n"u8);
        return end < 0 ? -1 : end + 2;
    }

    /// <summary>It says that events were missed.</summary>
    public static bool IsReset(ReadOnlySpan<byte> received) => received.IndexOf("event: reset\n"u8) >= 0;

    /// <summary>When what it tells was sent, in Unix microseconds; there is no such thing in the opening, in a heartbeat, or where a device comes or goes.</summary>
    public static bool TryReadSent(ReadOnlySpan<byte> received, out long sent) =>
        Utf8Parser.TryParse(After(received, "\"sent\":"u8), out sent, out var digits) && digits == FleetPayload.SentDigits;

    /// <summary>The site and the temperature.</summary>
    public static (int Site, int Tenths) ReadMeasured(ReadOnlySpan<byte> received) =>
        Utf8Parser.TryParse(After(received, "\"site\":\"s"u8), out int site, out _)
        && Utf8Parser.TryParse(After(received, "\"temp\":"u8), out double temperature, out _)
            ? (site, (int)Math.Round(temperature * 10))
            : throw new InvalidOperationException("an event has no site or no temperature");

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> received, ReadOnlySpan<byte> name)
    {
        var at = received.IndexOf(name);
        return at < 0 ? default : received[(at + name.Length)..];
    }
}
