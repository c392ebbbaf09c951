using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Api.Twins;
using Twins.Contracts;
using Twins.Contracts.Commands;
using Twins.Contracts.Json;
using Twins.Contracts.Topics;
using Twins.Contracts.Twins;

namespace Twins.Api.Commands;

/// <summary><c>POST /twins/{id}/commands/{command}</c>.</summary>
internal static class SendCommand
{
    /// <summary>Sends a command and, unless asked not to, waits for what becomes of it.</summary>
    public static async Task<Results<Ok<CommandResource>, Accepted<CommandResource>, ProblemResult>> Handle(
        string id, string command, string? timeout, HttpContext http, IGrainFactory grains, CommandWait wait)
    {
        if (!TwinId.TryValidate(id, out var problem)
            || !NativeTopics.TryValidateCommandName(command, out problem)
            || !CommandTimeout.TryParse(timeout, out var patience, out problem)
            || !IdempotencyKey.TryRead(http.Request.Headers[IdempotencyKey.Header], out var key, out problem))
        {
            return problem!.ToResult();
        }

        var (body, refused) = await JsonBody.Read(http.Request, MediaTypes.Documents, JsonBody.CommandLimits, optional: true);
        if (refused is not null)
        {
            return refused;
        }

        var payload = body!.Canonical is { Length: > 0 } given ? given : JsonText.EmptyObject.ToArray();
        var twin = grains.Twin(id);
        var result = await ConflictRetry.Call(() => twin.SendCommand(new CommandRequest(command, payload, patience, key)));
        WriteAdmission.Stored(http);
        if (result.Command is not { } sent)
        {
            return result.Problem!.ToResult();
        }

        var address = CommandResource.Address(id, sent.Id);
        if (Preference.Asks(http.Request.Headers["Prefer"], Preference.RespondAsync))
        {
            http.Response.Headers["Preference-Applied"] = Preference.RespondAsync;
            return TypedResults.Accepted(address, CommandResource.Of(sent));
        }

        result = await wait.UntilFinal(twin, sent, patience, http.RequestAborted);
        if (result.Problem is not null)
        {
            return result.Problem.ToResult();
        }

        if (result.Command is { Status: CommandStatus.Answered } answered)
        {
            http.Response.Headers.ContentLocation = address;
            return TypedResults.Ok(CommandResource.Of(answered));
        }

        return Unanswered(id, result.Command ?? sent, patience).ToResult() with { Location = address };
    }

    private static Problem Unanswered(string id, Command command, TimeSpan patience) => command.Status switch
    {
        CommandStatus.Cancelled => new Problem(
            StatusCodes.Status409Conflict,
            "command-cancelled",
            $"command {command.Id} was cancelled before \"{id}\" answered it"),
        CommandStatus.Undeliverable => new Problem(
            StatusCodes.Status409Conflict,
            "command-undeliverable",
            $"command {command.Id} could not be handed to \"{id}\"; send it again when the device is online and subscribed to its commands"),
        _ => new Problem(
            StatusCodes.Status504GatewayTimeout,
            "command-timed-out",
            $"\"{id}\" did not answer command {command.Id} within {patience.TotalSeconds:0.###} s; its Location tells what became of it"),
    };
}
