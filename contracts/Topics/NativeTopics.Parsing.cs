using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;

namespace Twins.Contracts.Topics;

public static partial class NativeTopics
{
    private const string Grammar =
        "twins/{id}/reported[/{path}], twins/{id}/get, twins/{id}/commands/{commandId}/response, twins/{id}/desired/rejected and twins/{id}/connection";

    /// <summary>Whether a topic is of the native dialect at all, well-formed or not.</summary>
    public static bool IsNative(ReadOnlySpan<char> topic) => topic.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Reads a topic on which a device published.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="parsed">
    /// The topic taken apart. Where there is a problem and the topic still names a valid twin id,
    /// <see cref="NativeTopic.TwinId"/> is set, so that the device can be told.
    /// </param>
    /// <param name="problem">
    /// <c>topic-too-long</c>, <c>topic-invalid</c> (wildcards, empty levels), <c>twin-id-invalid</c>,
    /// <c>path-invalid</c>, <c>command-id-invalid</c>, <c>topic-unknown</c> (outside the grammar), all 400;
    /// <c>topic-not-for-devices</c> (403) where the platform publishes and devices only listen.
    /// </param>
    public static bool TryParse(
        string topic, out NativeTopic parsed, [NotNullWhen(false)] out Problem? problem)
    {
        var levels = topic.Split('/');
        parsed = new NativeTopic(
            levels.Length > 1 && levels[0] == "twins" && TwinId.IsValid(levels[1]) ? levels[1] : null,
            NativeTopicKind.Reported,
            []);

        problem = Malformed(topic, levels);
        if (problem is not null || (parsed.TwinId is null && !TwinId.TryValidate(levels[1], out problem)))
        {
            return false;
        }

        problem = (levels[2], levels.Length) switch
        {
            ("reported", 3) => null,
            ("reported", _) => ReadProperty(topic, levels, ref parsed),
            ("get", 3) => Read(NativeTopicKind.Get, ref parsed),
            ("connection", 3) => Read(NativeTopicKind.Connection, ref parsed),
            ("desired", 4) when levels[3] == RejectedLevel => Read(NativeTopicKind.DesiredRejected, ref parsed),
            ("commands", 5) when levels[4] == ResponseLevel => ReadResponse(topic, levels[3], ref parsed),
            ("desired" or "document" or "errors", 3) or ("commands", 5) or ("events", 4) => NotForDevices(topic),
            _ => Unknown(topic),
        };
        return problem is null;
    }

    /// <summary>Reads a topic on which a device gets commands; false for anything else, its own responses too.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="id">Whose device.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="commandId">The command's id.</param>
    public static bool TryParseCommand(
        string topic,
        [NotNullWhen(true)] out string? id,
        [NotNullWhen(true)] out string? name,
        [NotNullWhen(true)] out string? commandId)
    {
        (id, name, commandId) = topic.Split('/') is ["twins", var twin, "commands", var command, var last]
            && TwinId.IsValid(twin) && IsCommandName(command) && IsCommandId(last)
                ? (twin, command, last)
                : default((string?, string?, string?));
        return id is not null && name is not null && commandId is not null;
    }

    private static Problem? Malformed(string topic, string[] levels)
    {
        if (topic.Length > MaxLength)
        {
            return new Problem(400, "topic-too-long", string.Create(
                CultureInfo.InvariantCulture, $"topic has {topic.Length} characters; the limit is {MaxLength}"));
        }

        // The protocol forbids publishing on these (MQTT-3.3.2-2); what comes over HTTP or a lax broker still may.
        var wildcard = topic.AsSpan().IndexOfAny("+#\0");
        if (wildcard >= 0)
        {
            var what = topic[wildcard] == '\0' ? "U+0000" : $"\"{topic[wildcard]}\"";
            return new Problem(400, "topic-invalid", string.Create(
                CultureInfo.InvariantCulture,
                $"topic contains {what} as character {wildcard + 1}; publish on a topic without wildcards"));
        }

        var empty = Array.IndexOf(levels, "");
        if (levels[0] == "twins" && empty > 1)
        {
            return new Problem(400, "topic-invalid", string.Create(
                CultureInfo.InvariantCulture,
                $"topic \"{topic}\" has nothing at level {empty + 1}; put one name between two slashes, and none at the end"));
        }

        return levels.Length < 3 || levels[0] != "twins" ? Unknown(topic) : null;
    }

    private static Problem? Read(NativeTopicKind kind, ref NativeTopic parsed)
    {
        parsed = parsed with { Kind = kind };
        return null;
    }

    private static Problem? ReadProperty(string topic, string[] levels, ref NativeTopic parsed)
    {
        var start = levels[0].Length + levels[1].Length + levels[2].Length + 3;
        if (PropertyPath.TryParse(topic[start..], out var path, out var problem))
        {
            parsed = parsed with { Kind = NativeTopicKind.ReportedProperty, Path = path };
        }

        return problem;
    }

    private static Problem? ReadResponse(string topic, string commandId, ref NativeTopic parsed)
    {
        if (commandId == ResponseLevel)
        {
            return new Problem(
                400, "command-id-invalid", $"topic \"{topic}\" answers no command; put the command's id before \"/response\"");
        }

        if (TwinId.TryValidate("command id", "command ids", "command-id-invalid", commandId, out var problem))
        {
            parsed = parsed with { Kind = NativeTopicKind.CommandResponse, CommandId = commandId };
        }

        return problem;
    }

    private static Problem NotForDevices(string topic) => new(
        403,
        "topic-not-for-devices",
        $"topic \"{topic}\" is published by the platform and not by devices; devices publish on {Grammar}");

    private static Problem Unknown(string topic) => new(
        400, "topic-unknown", $"topic \"{topic}\" is none that a device publishes on; these are {Grammar}");
}
