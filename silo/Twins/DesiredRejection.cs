namespace Twins.Silo.Twins;

/// <summary>A desired property that the device has refused. It is left out of the delta until an application writes it again.</summary>
/// <param name="Path">The property, outermost name first; its value is no object.</param>
/// <param name="At">When the refusal arrived.</param>
/// <param name="Reason">Why, in the device's words.</param>
/// <param name="Revision">The revision of the delta that the device refused.</param>
internal sealed record DesiredRejection(string[] Path, DateTimeOffset At, string Reason, long Revision);
