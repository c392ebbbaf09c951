using System.Globalization;
using Twins.Api.Problems;
using Twins.Contracts;

namespace Twins.Api.Http;

/// <summary>How many items a page has.</summary>
internal static class PageLimit
{
    public const int Default = 25;
    public const int Max = 200;

    /// <summary>Reads <c>?limit=</c>.</summary>
    public static bool TryParse(string? text, out int limit, out Problem? problem)
    {
        problem = null;
        limit = Default;
        if (string.IsNullOrEmpty(text)
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= Max))
        {
            return true;
        }

        var right = $"a whole number from 1 to {Max} (default {Default})";
        problem = System.Numerics.BigInteger.TryParse(text.AsSpan(0, Math.Min(text.Length, 20)), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? RequestProblems.ParameterRange("limit", text, right)
            : RequestProblems.Parameter("limit", text, right);
        return false;
    }
}
