using System.Text.Json.Nodes;

namespace Twins.Api.Swagger;

/// <summary>The application's part of a twin. What is absent is emptied.</summary>
/// <param name="Tags">What applications note about the device; it never sees them. At most 16 KiB.</param>
/// <param name="Desired">What applications want of the device. At most 64 KiB.</param>
/// <param name="Model">Which model the twin follows: 1–256 characters; absent for none.</param>
/// <param name="Id">Taken if it is the id in the address.</param>
/// <param name="Revision">Write only if the twin is still at this revision.</param>
internal sealed record TwinContent(JsonObject? Tags, JsonObject? Desired, string? Model, string? Id, long? Revision);
