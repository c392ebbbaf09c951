using System.Text.Json.Nodes;

namespace Twins.Api.Swagger;

/// <summary>A twin: what is known and wanted of a device. With <c>fields</c>, only the members that were asked for.</summary>
/// <param name="Id">The twin's id.</param>
/// <param name="Revision">Grows by one with every accepted change; never reset, not even by delete and re-create.</param>
/// <param name="Model">Which model the twin follows; null for none.</param>
/// <param name="Tags">What applications note about the device; it never sees them. At most 16 KiB.</param>
/// <param name="Desired">What applications want of the device. At most 64 KiB.</param>
/// <param name="Reported">What the device says is so. At most 64 KiB.</param>
/// <param name="Connection">Whether, since when and how the device is connected.</param>
/// <param name="Metadata">For each property of reported and desired, when it was set.</param>
/// <param name="CreatedAt">RFC 3339, UTC.</param>
/// <param name="ModifiedAt">RFC 3339, UTC.</param>
[AnyMembers]
internal sealed record TwinDocument(
    string Id,
    long Revision,
    [property: NullIsWritten] string? Model,
    JsonObject Tags,
    JsonObject Desired,
    JsonObject Reported,
    ConnectionDocument Connection,
    JsonObject Metadata,
    DateTimeOffset CreatedAt,
    DateTimeOffset ModifiedAt);
