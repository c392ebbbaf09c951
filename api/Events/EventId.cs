using System.Globalization;

namespace Twins.Api.Events;

/// <summary>
/// The ids of Server-Sent Events: which run of which API process, and the place in its order. Not the events' own
/// ids, which CloudEvents carry: those are the twins', these say where a stream stands.
/// </summary>
internal static class EventId
{
    /// <summary>Spells an id.</summary>
    public static string Format(string stream, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{stream}-{sequence}");

    /// <summary>Reads an id of this stream; an id of another, or none at all, is no id of this one.</summary>
    public static bool TryParse(string stream, string text, out long sequence)
    {
        sequence = 0;
        return text.Length > stream.Length
            && text.StartsWith(stream, StringComparison.Ordinal)
            && text[stream.Length] == '-'
            && long.TryParse(text.AsSpan(stream.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }
}
