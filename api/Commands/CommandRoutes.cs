using Microsoft.OpenApi;
using Twins.Api.Http;
using Twins.Api.Swagger;

namespace Twins.Api.Commands;

/// <summary><c>/twins/{id}/commands</c>.</summary>
internal static class CommandRoutes
{
    // OpenAPI takes /commands/{name} and /commands/{id} for one path: they share the name of the parameter.
    private static readonly ParameterDoc CommandId = new(
        "command", ParameterLocation.Path, "The command's id, 26 characters, as `SendCommand` answered it.", "01KE0QZJ6E4Q0V7T8M2N5R9XYZ");

    /// <summary>Maps the routes of commands.</summary>
    public static void MapCommands(this IEndpointRouteBuilder routes)
    {
        var commands = routes.MapGroup("/twins/{id}/commands").WithTags(ApiTags.Commands);
        MapSend(commands);
        commands.MapRead("/", CommandQueries.List).Describe(
            "ListCommands",
            "List commands",
            "The commands that the twin still remembers, the newest first. Those that have ended are forgotten after a while.",
            doc => doc
                .With(Parameters.TwinId)
                .Answers(200, "The commands.", $$"""{"items":[{{Examples.Command}}]}""", typeof(CommandList))
                .FailsOnBadId()
                .FailsOnMissingTwin()
                .FailsLikeAll());
        commands.MapRead("/{command}", CommandQueries.Get).Describe(
            "GetCommand",
            "Read a command",
            "How far a command got, and what the device answered.",
            doc => doc
                .With(Parameters.TwinId, CommandId)
                .Answers(200, "The command.", Examples.Command, typeof(CommandResource))
                .FailsOnBadId()
                .FailsOnMissingCommand()
                .FailsLikeAll());
        commands.MapDelete("/{command}", CommandQueries.Cancel).Describe(
            "CancelCommand",
            "Cancel a command",
            "Nobody waits for an answer any more. A device that has the command already may still act on it.",
            doc => doc
                .With(Parameters.TwinId, CommandId)
                .Answers(200, "The command as it ended.", Examples.SentCommand.Replace("\"sent\"", "\"cancelled\"", StringComparison.Ordinal), typeof(CommandResource))
                .FailsOnBadId()
                .FailsOnMissingCommand()
                .Fails(409, "command-ended", "command 01KE0QZJ6E4Q0V7T8M2N5R9XYZ has ended already (Answered); there is nothing to cancel")
                .FailsIfStoreIsFull()
                .FailsLikeAll());
    }

    private static void MapSend(RouteGroupBuilder commands) => commands
        .MapPost("/{command}", SendCommand.Handle)
        .Describe(
            "SendCommand",
            "Send a command",
            """
            Hands the command to the device and waits for its answer, which is 200 whatever `response.status` the device gives it. Without an answer in time: 504, with the command's address in `Location`.

            With `Prefer: respond-async` the answer is 202 at once, and the command is read at its `Location`.

            With an `Idempotency-Key`, the same key with the same name and payload is the same command, sent once: repeat the request as often as you like.
            """,
            doc => doc
                .With(
                    Parameters.TwinId,
                    new ParameterDoc("command", ParameterLocation.Path, "What to do, the command's name: 1–128 letters, digits, `.`, `_`, `-` and `:`, the first a letter or digit. The demo's devices know `ping`, `echo`, `identify`, `measure` and `reboot`.", "ping"),
                    new ParameterDoc("timeout", ParameterLocation.Query, "How long an answer is awaited: 100ms to 1h, as `500ms`, `30s`, `2m` or plain seconds; default 30s."),
                    new ParameterDoc("Prefer", ParameterLocation.Header, "`respond-async`: do not wait (RFC 7240)."),
                    new ParameterDoc("Idempotency-Key", ParameterLocation.Header, "1–128 visible ASCII characters, for example a UUID."))
                .Takes(MediaTypes.Json, """{"from":"swagger"}""", optional: true)
                .Answers(200, "The device answered.", Examples.Command, typeof(CommandResource), "Content-Location")
                .Answers(202, "Stored; the answer is not awaited.", Examples.SentCommand, typeof(CommandResource), "Location", "Preference-Applied")
                .FailsOnBadId()
                .Fails(400, "command-name-invalid", "command name \"self test\" contains \" \"; command names use letters, digits, \".\", \"_\", \"-\" and \":\"")
                .Fails(400, "parameter-invalid", "timeout \"2h\" is out of range; it must be a duration from 100ms to 1h, like 500ms, 30s, 2m, or plain seconds (default 30s)")
                .FailsOnForeignPage()
                .FailsOnMissingTwin()
                .Fails(409, "device-offline", "device demo:pump-1 is offline since 2026-01-02T03:04:05.678Z; send the command when it is back, or write what you want to desired")
                .Fails(409, "device-not-subscribed", "device demo:pump-1 is connected and does not listen for commands; it must subscribe to twins/demo:pump-1/commands/+/+")
                .Fails(409, "broker-refused", "the broker of link plant does not accept this command for twin demo:pump-1; log 1420 of the silo has the reason")
                .Fails(413, "broker-packet-too-large", "the command is larger than the broker of link plant accepts (Maximum Packet Size); send less to twin demo:pump-1, or raise the limit of the broker")
                .Fails(413, "command-too-large", "the command is 70000 bytes of compact JSON and may be 65536; send less, or raise Twins:Limits:CommandBytes")
                .Fails(415, "unsupported-media-type", "Content-Type \"text/plain\" is not taken here; send application/json, in UTF-8", "Accept")
                .Fails(409, "command-cancelled", "command 01KE0QZJ6E4Q0V7T8M2N5R9XYZ was cancelled before \"demo:pump-1\" answered it")
                .Fails(409, "command-undeliverable", "command 01KE0QZJ6E4Q0V7T8M2N5R9XYZ could not be handed to \"demo:pump-1\"; send it again when the device is online and subscribed to its commands")
                .Fails(422, "idempotency-key-reused", "Idempotency-Key \"7d3f\" was used for command 01KE0QZJ6E4Q0V7T8M2N5R9XYZ with another name or payload; use a new key for a new command")
                .Fails(429, "too-many-commands", "32 commands of twin demo:pump-1 wait for an answer already; wait for one of them, or cancel it", "Retry-After")
                .FailsLikeStored()
                .FailsLikeAll()
                .Fails(504, "command-timed-out", "\"demo:pump-1\" did not answer command 01KE0QZJ6E4Q0V7T8M2N5R9XYZ within 30 s; its Location tells what became of it", "Location"));

    private static EndpointDoc FailsOnMissingCommand(this EndpointDoc doc) => doc
        .Fails(404, "command-not-found", "twin demo:pump-1 knows no command 01KE0QZJ6E4Q0V7T8M2N5R9XYZ; it was never sent, or has ended so long ago that it is forgotten");
}
