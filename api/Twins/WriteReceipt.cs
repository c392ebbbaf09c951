namespace Twins.Api.Twins;

/// <summary>What a write answers.</summary>
/// <param name="Id">The twin's id.</param>
/// <param name="Revision">The twin's revision after the write; a later read at this revision or above sees it.</param>
internal sealed record WriteReceipt(string Id, long Revision);
