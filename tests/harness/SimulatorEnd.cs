using System.Text.Json.Nodes;

namespace Twins.Tests.Harness;

/// <summary>How a simulator ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
public sealed record SimulatorEnd(int Code, string Output, string Errors)
{
    /// <summary>Its standard output, where it was told to write JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Output)!;

    /// <summary>What <c>verify</c> found: verdict, twin and property, in order.</summary>
    public IReadOnlyList<(string Verdict, string Twin, string? Property)> Findings =>
        [.. Json["findings"]!.AsArray().Select(finding => ((string)finding!["verdict"]!, (string)finding["twin"]!, (string?)finding["property"]))];

    /// <summary>The digest of a fleet's ledger.</summary>
    public string Digest => (string)Json["ledger"]!["digest"]!;

    /// <summary>Fails, with all it said, unless it ended with this code.</summary>
    public SimulatorEnd Expect(int code)
    {
        Assert.True(Code == code, $"the simulator ended with {Code} instead of {code}: {Output}\n{Errors}");
        return this;
    }
}
