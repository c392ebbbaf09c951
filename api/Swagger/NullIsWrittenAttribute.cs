namespace Twins.Api.Swagger;

/// <summary>The member is there with the value null. Without it, a member that has no value is absent, and null is not one of its values.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NullIsWrittenAttribute : Attribute;
