using Twins.Api.Http;

namespace Twins.Api.Commands;

/// <summary>A device's answer to a command.</summary>
/// <param name="Status">The device's HTTP-like status, 100–599; 200 where it said none.</param>
/// <param name="Body">The device's JSON; absent where it sent none.</param>
internal sealed record CommandResponse(int Status, RawJson? Body);
