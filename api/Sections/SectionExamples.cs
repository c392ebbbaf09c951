using Twins.Api.Swagger;

namespace Twins.Api.Sections;

/// <summary>How a section is described.</summary>
/// <param name="Section">Its name in routes and documents.</param>
/// <param name="Group">The group of its endpoints.</param>
/// <param name="Whole">An example of it.</param>
/// <param name="Patch">An example of a merge patch over it.</param>
/// <param name="JsonPatch">An example of a JSON patch over it.</param>
/// <param name="Path">A property of it.</param>
/// <param name="Value">An example of that property.</param>
/// <param name="Note">What one must know of writing it.</param>
internal sealed record SectionExamples(
    string Section, string Group, string Whole, string Patch, string JsonPatch, string Path, string Value, string Note)
{
    public static readonly SectionExamples[] All =
    [
        new(
            "tags",
            ApiTags.Tags,
            """{"site":"rotterdam","hall":3}""",
            """{"hall":4}""",
            """[{"op":"add","path":"/hall","value":4}]""",
            "site",
            "\"rotterdam\"",
            "At most 16 KiB."),
        new(
            "desired",
            ApiTags.Desired,
            """{"setpoint":40,"enabled":true}""",
            """{"setpoint":42}""",
            """[{"op":"add","path":"/setpoint","value":42}]""",
            "setpoint",
            "40",
            "At most 64 KiB. What of it differs from reported goes to the device: at once if it is online, else when it comes back."),
        new(
            "reported",
            ApiTags.Reported,
            """{"setpoint":35,"motor":{"rpm":1450}}""",
            """{"motor":{"rpm":1500}}""",
            """[{"op":"add","path":"/setpoint","value":36}]""",
            "setpoint",
            "35",
            "At most 64 KiB. Written here by devices that speak HTTP; applications leave it alone."),
    ];

    /// <summary>The section's name at the end of an endpoint's name.</summary>
    public string Name => char.ToUpperInvariant(Section[0]) + Section[1..];
}
