using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>Spells problems as RFC 9457 has it.</summary>
public static class ProblemJson
{
    /// <summary>The kind of a problem as a URI: what all begin with, and the code.</summary>
    /// <param name="code"><see cref="Problem.Code"/>.</param>
    public static string TypeOf(string code) => "urn:twins:problem:" + code;

    /// <summary>Writes the members of a problem into an object that is begun and not ended.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="problem">The problem.</param>
    public static void WriteMembers(Utf8JsonWriter json, Problem problem)
    {
        json.WriteString("type"u8, TypeOf(problem.Code));
        json.WriteNumber("status"u8, problem.Status);
        json.WriteString("code"u8, problem.Code);
        json.WriteString("detail"u8, problem.Detail);
        if (problem.Pointer is not null)
        {
            json.WriteString("pointer"u8, problem.Pointer);
        }
    }
}
