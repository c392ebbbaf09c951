using Twins.Api.Http;
using Twins.Contracts.Commands;

namespace Twins.Api.Commands;

/// <summary>A command and what became of it.</summary>
/// <param name="Id">Unique within the twin, 26 characters, sorts by time (ULID).</param>
/// <param name="Name">What the device was asked to do.</param>
/// <param name="Status">
/// How far it got: <c>pending</c> and <c>sent</c> go on; <c>answered</c>, <c>timedOut</c>, <c>cancelled</c> and
/// <c>undeliverable</c> are final.
/// </param>
/// <param name="Payload">The JSON that went with it.</param>
/// <param name="CreatedAt">When the platform took it; RFC 3339, UTC.</param>
/// <param name="ExpiresAt">Until when an answer is awaited; RFC 3339, UTC.</param>
/// <param name="CompletedAt">When it became final; absent before.</param>
/// <param name="Response">What the device answered; absent without an answer.</param>
internal sealed record CommandResource(
    string Id,
    string Name,
    CommandStatus Status,
    RawJson Payload,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? CompletedAt,
    CommandResponse? Response)
{
    private static readonly byte[] Null = "null"u8.ToArray();

    /// <summary>The resource of a command.</summary>
    public static CommandResource Of(Command command) => new(
        command.Id,
        command.Name,
        command.Status,
        new RawJson(command.Payload is { Length: > 0 } payload ? payload : Null),
        command.CreatedAt,
        command.ExpiresAt,
        command.CompletedAt,
        command.ResponseStatus is { } status
            ? new CommandResponse(status, command.Response is { Length: > 0 } body ? new RawJson(body) : null)
            : null);

    /// <summary>Where a command is read.</summary>
    public static string Address(string twinId, string commandId) => $"/twins/{twinId}/commands/{commandId}";
}
