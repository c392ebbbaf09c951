using Twins.Contracts;
using Twins.Contracts.Commands;

namespace Twins.Silo.Twins;

/// <summary>Why a command is not sent, or an answer not taken.</summary>
internal static class CommandProblems
{
    public static Problem Unknown(string id, string commandId) =>
        new(404, "command-not-found", $"twin {id} knows no command {commandId}; it was never sent, or has ended so long ago that it is forgotten");

    public static Problem Offline(string id, DateTimeOffset? since) =>
        new(409, "device-offline", since is { } at
            ? $"device {id} is offline since {TwinDocument.Time(at)}; send the command when it is back, or write what you want to desired"
            : $"device {id} has never been connected; send the command when it is, or write what you want to desired");

    public static Problem NotSubscribed(string id) =>
        new(409, "device-not-subscribed", $"device {id} is connected and does not listen for commands; it must subscribe to twins/{id}/commands/+/+");

    public static Problem BrokerRefused(string id, string? link, bool tooLarge) => tooLarge
        ? new(413, "broker-packet-too-large", $"the command is larger than the broker of link {link} accepts (Maximum Packet Size); send less to twin {id}, or raise the limit of the broker")
        : new(409, "broker-refused", $"the broker of link {link} does not accept this command for twin {id}; log 1420 of the silo has the reason");

    public static Problem TooMany(string id, int limit) =>
        new(429, "too-many-commands", $"{limit} commands of twin {id} wait for an answer already; wait for one of them, or cancel it");

    public static Problem KeyReused(string key, string commandId) =>
        new(422, "idempotency-key-reused", $"Idempotency-Key \"{key}\" was used for command {commandId} with another name or payload; use a new key for a new command");

    public static Problem BadName(string name) =>
        new(400, "command-name-invalid", $"command name \"{(name.Length > 128 ? name[..128] : name)}\" is not 1 to 128 letters, digits, \".\", \"_\", \":\" and \"-\"");

    public static Problem BadTimeout() =>
        new(400, "timeout-out-of-range", "timeout must be 100 ms to 1 h, for example ?timeout=30s");

    public static Problem TooLarge(int bytes, int limit) =>
        new(413, "command-too-large", $"the command is {bytes} bytes of compact JSON and may be {limit}; send less, or raise Twins:Limits:CommandBytes");

    public static Problem Ended(Command command) =>
        new(409, "command-ended", $"command {command.Id} has ended already ({command.Status}); there is nothing to cancel");

    public static Problem TooLate(Command command) =>
        new(410, "command-over", $"command {command.Id} is over since {TwinDocument.Time(command.CompletedAt ?? command.ExpiresAt)}; its answer came too late");
}
