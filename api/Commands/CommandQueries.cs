using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Contracts.Commands;
using Twins.Contracts.Twins;

namespace Twins.Api.Commands;

/// <summary>Reading and cancelling commands that were sent.</summary>
internal static class CommandQueries
{
    /// <summary><c>GET /twins/{id}/commands</c>.</summary>
    public static async Task<Results<Ok<CommandList>, ProblemResult>> List(string id, IGrainFactory grains)
    {
        if (!TwinId.TryValidate(id, out var problem))
        {
            return problem!.ToResult();
        }

        return await ReadRetry.Call(grains.Twin(id).GetCommands) is { } commands
            ? TypedResults.Ok(new CommandList(Array.ConvertAll(commands, CommandResource.Of)))
            : RequestProblems.TwinNotFound(id).ToResult();
    }

    /// <summary><c>GET /twins/{id}/commands/{command}</c>.</summary>
    public static async Task<Results<Ok<CommandResource>, ProblemResult>> Get(string id, string command, IGrainFactory grains) =>
        TwinId.TryValidate(id, out var problem)
            ? Answer(await ReadRetry.Call(() => grains.Twin(id).GetCommand(command, TimeSpan.Zero)))
            : problem!.ToResult();

    /// <summary><c>DELETE /twins/{id}/commands/{command}</c>.</summary>
    public static async Task<Results<Ok<CommandResource>, ProblemResult>> Cancel(string id, string command, IGrainFactory grains) =>
        TwinId.TryValidate(id, out var problem)
            ? Answer(await grains.Twin(id).CancelCommand(command))
            : problem!.ToResult();

    private static Results<Ok<CommandResource>, ProblemResult> Answer(CommandResult result) =>
        result is { Problem: null, Command: { } command }
            ? TypedResults.Ok(CommandResource.Of(command))
            : result.Problem!.ToResult();
}
