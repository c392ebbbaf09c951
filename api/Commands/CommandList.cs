namespace Twins.Api.Commands;

/// <summary>The commands that a twin still remembers.</summary>
/// <param name="Items">The newest first.</param>
internal sealed record CommandList(CommandResource[] Items);
