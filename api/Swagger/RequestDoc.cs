namespace Twins.Api.Swagger;

/// <summary>A body that an endpoint takes.</summary>
/// <param name="ContentType">The content type.</param>
/// <param name="Example">JSON that works against the demo twin.</param>
/// <param name="Schema">The type whose schema it has; null for any JSON.</param>
internal sealed record RequestDoc(string ContentType, string Example, Type? Schema);
