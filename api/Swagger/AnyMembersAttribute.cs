namespace Twins.Api.Swagger;

/// <summary>Any members of the document may be absent, because <c>fields</c> picks some.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AnyMembersAttribute : Attribute;
