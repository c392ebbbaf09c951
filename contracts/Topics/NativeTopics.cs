using Twins.Contracts.Json;

namespace Twins.Contracts.Topics;

/// <summary>
/// The topics of the native dialect: how they are built, and which filters a device and a broker link subscribe to.
/// Ids and names are expected to be valid (see <see cref="Twins.TwinId"/>): none of them needs escaping.
/// </summary>
/// <remarks>
/// A command's request (<c>commands/{name}/{commandId}</c>) and its response (<c>commands/{commandId}/response</c>)
/// have the same number of levels. The last one tells them apart: no command id is ever <c>response</c>. A device
/// that subscribes to <see cref="CommandsFilter"/> on a broker gets its own responses back and must ignore them, or
/// subscribe with MQTT 5's No Local.
/// </remarks>
public static partial class NativeTopics
{
    /// <summary>What all topics start with.</summary>
    public const string Prefix = "twins/";

    /// <summary>The most characters a topic may have.</summary>
    public const int MaxLength = 1024;

    /// <summary>The payload that says on <see cref="Connection"/> that the device is there.</summary>
    public const string Online = "online";

    /// <summary>The payload that says on <see cref="Connection"/>, mostly as a will, that it is not.</summary>
    public const string Offline = "offline";

    /// <summary>The last level of a command's response; no command id.</summary>
    public const string ResponseLevel = "response";

    /// <summary>The last level of <see cref="DesiredRejected"/>.</summary>
    public const string RejectedLevel = "rejected";

    /// <summary>MQTT 5 user property, and with a <c>$</c> in front member of a payload: the device's epoch.</summary>
    public const string EpochProperty = "epoch";

    /// <summary>MQTT 5 user property, and with a <c>$</c> in front member of a payload: the sequence number.</summary>
    public const string SeqProperty = "seq";

    /// <summary>MQTT 5 user property, and with a <c>$</c> in front member of a payload: the device's time.</summary>
    public const string TimestampProperty = "ts";

    /// <summary>MQTT 5 user property of a command's response: an HTTP-like number, 200 if absent.</summary>
    public const string StatusProperty = "status";

    /// <summary>MQTT 5 user property of a command: when it times out, in RFC 3339 and UTC.</summary>
    public const string ExpiresAtProperty = "expiresAt";

    /// <summary>The same as a member of a command's payload object, for connections without user properties.</summary>
    public const string ExpiresAtMember = "$expiresAt";

    /// <summary>The member of <see cref="Desired"/> with the twin's revision.</summary>
    public const string RevisionMember = "$revision";

    /// <summary>What a broker link subscribes to: all topics on which devices publish, and no others.</summary>
    public static IReadOnlyList<string> DeviceFilters { get; } =
    [
        // "#" includes the level above it: twins/{id}/reported itself.
        "twins/+/reported/#",
        "twins/+/get",
        "twins/+/commands/+/response",
        "twins/+/connection",
        "twins/+/desired/rejected",
    ];

    /// <summary>device → merge patch of its reported properties.</summary>
    public static string Reported(string id) => $"{Prefix}{id}/reported";

    /// <summary>device → the value of one reported property.</summary>
    public static string ReportedProperty(string id, IReadOnlyList<string> path) =>
        $"{Prefix}{id}/reported/{PropertyPath.Format(path)}";

    /// <summary>device → asks for its document.</summary>
    public static string Get(string id) => $"{Prefix}{id}/get";

    /// <summary>device → answers a command.</summary>
    public static string CommandResponse(string id, string commandId) =>
        $"{Prefix}{id}/commands/{commandId}/{ResponseLevel}";

    /// <summary>device → <see cref="Online"/> or <see cref="Offline"/>.</summary>
    public static string Connection(string id) => $"{Prefix}{id}/connection";

    /// <summary>→ device: the document it asked for.</summary>
    public static string Document(string id) => $"{Prefix}{id}/document";

    /// <summary>→ device: what response topics of the device begin with, if they are topics of its twin.</summary>
    public static string Replies(string id) => $"{Prefix}{id}/replies/";

    /// <summary>→ device: the delta.</summary>
    public static string Desired(string id) => $"{Prefix}{id}/desired";

    /// <summary>device → the desired properties that it refuses, with a reason each, and <see cref="RevisionMember"/>.</summary>
    public static string DesiredRejected(string id) => $"{Prefix}{id}/desired/{RejectedLevel}";

    /// <summary>→ device: a command.</summary>
    public static string CommandRequest(string id, string name, string commandId) =>
        $"{Prefix}{id}/commands/{name}/{commandId}";

    /// <summary>→ device: what was wrong with a message of its.</summary>
    public static string Errors(string id) => $"{Prefix}{id}/errors";

    /// <summary>→ applications: an event; see <see cref="Events.TwinEventKinds"/>.</summary>
    public static string Event(string id, string kind) => $"{Prefix}{id}/events/{kind}";

    /// <summary>What a device subscribes to for its commands; see the remarks on its own responses.</summary>
    public static string CommandsFilter(string id) => $"{Prefix}{id}/commands/+/+";

    /// <summary>Whether this can name a command: the rule of twin ids.</summary>
    public static bool IsCommandName(string name) => Twins.TwinId.IsValid(name);

    /// <summary>Whether this can be a command's id: the rule of twin ids, and not <c>response</c>.</summary>
    public static bool IsCommandId(string commandId) =>
        Twins.TwinId.IsValid(commandId) && commandId != ResponseLevel;

    /// <summary>Says what is wrong with a command's name.</summary>
    /// <param name="name">What was given as name.</param>
    /// <param name="problem"><c>command-name-invalid</c> (400).</param>
    public static bool TryValidateCommandName(
        string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Problem? problem) =>
        Twins.TwinId.TryValidate("command name", "command names", "command-name-invalid", name, out problem);
}
