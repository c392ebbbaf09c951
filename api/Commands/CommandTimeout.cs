using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Contracts;

namespace Twins.Api.Commands;

/// <summary>How long an answer is awaited.</summary>
internal static class CommandTimeout
{
    private static readonly TimeSpan Default = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Max = TimeSpan.FromHours(1);

    /// <summary>Reads <c>?timeout=</c>.</summary>
    public static bool TryParse(string? text, out TimeSpan timeout, out Problem? problem)
    {
        problem = null;
        timeout = Default;
        if (string.IsNullOrEmpty(text) || (Duration.TryParse(text, out timeout) && timeout >= Min && timeout <= Max))
        {
            return true;
        }

        const string Right = "a duration from 100ms to 1h, like 500ms, 30s, 2m, or plain seconds (default 30s)";
        problem = Duration.TryParse(text, out _) ? RequestProblems.ParameterRange("timeout", text, Right) : RequestProblems.Parameter("timeout", text, Right);
        return false;
    }
}
