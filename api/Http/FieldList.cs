using Twins.Api.Problems;
using Twins.Contracts;
using Twins.Contracts.Json;

namespace Twins.Api.Http;

/// <summary>The parameter <c>fields</c>: the parts of a twin that an answer has.</summary>
internal static class FieldList
{
    /// <summary>The members of a twin's document.</summary>
    private static readonly string[] s_members =
        ["id", "revision", "model", "tags", "desired", "reported", "connection", "metadata", "createdAt", "modifiedAt"];

    /// <summary>Reads the paths; null if the parameter is missing or empty.</summary>
    public static bool TryParse(string? text, out IReadOnlyList<string[]>? fields, out Problem? problem)
    {
        fields = null;
        problem = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (PropertyPath.ParseFields(text, out fields, out problem))
        {
            var unknown = fields.FirstOrDefault(static path => !s_members.Contains(path[0], StringComparer.Ordinal));
            problem = unknown is null ? null : RequestProblems.UnknownField(unknown[0], s_members);
        }

        return problem is null;
    }
}
