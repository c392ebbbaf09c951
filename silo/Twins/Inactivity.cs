using System.Buffers.Text;
using Twins.Contracts.Json;
using Twins.Silo.Links;

namespace Twins.Silo.Twins;

/// <summary>
/// Decides whether a device behind a broker has sent nothing for so long that it counts as offline. The gateway knows by the keep-alive
/// whether a device is connected.
/// </summary>
internal static class Inactivity
{
    /// <summary>The tag with a twin's own timeout, in seconds; 0 for none.</summary>
    public const string Tag = "inactivityTimeout";

    /// <summary>The longest timeout that a tag can name, in seconds: 365 days, as for the setting.</summary>
    private const double MaxSeconds = 365 * 86_400;

    private static readonly string[] s_path = [Tag];

    /// <summary>Returns whether an online device has been inactive for longer than its timeout.</summary>
    /// <param name="twin">The twin.</param>
    /// <param name="setting">The timeout of twins without a valid tag; zero for none.</param>
    /// <param name="now">The time.</param>
    public static bool IsOver(TwinState twin, TimeSpan setting, DateTimeOffset now) =>
        twin.Connection is { Online: true, LastSeen: { } lastSeen, Address.Link: not LinkNames.Gateway } && TimeoutOf(twin, setting) is { } timeout && now - lastSeen > timeout;

    /// <summary>Returns a twin's timeout; null if it has none.</summary>
    public static TimeSpan? TimeoutOf(TwinState twin, TimeSpan setting)
    {
        double? seconds = null;
        if (twin.Tags.Length > EmptySection.Bytes.Length && PropertyPath.TryGet(twin.Tags, s_path, out var tag)
            && Utf8Parser.TryParse(tag.Span, out double number, out var used) && used == tag.Length)
        {
            seconds = number;
        }

        return TimeoutOf(seconds, setting);
    }

    /// <summary>Returns the timeout of a twin whose tag is a number; null if it has none.</summary>
    /// <param name="tag">The tag; null if there is none. A number that is no valid timeout is ignored.</param>
    /// <param name="setting">The timeout of twins without a valid tag; zero for none.</param>
    public static TimeSpan? TimeoutOf(double? tag, TimeSpan setting)
    {
        var timeout = tag is >= 0 and <= MaxSeconds ? TimeSpan.FromSeconds(tag.Value) : setting;
        return timeout > TimeSpan.Zero ? timeout : null;
    }
}
