using Twins.Contracts;
using Twins.Contracts.Query;

namespace Twins.Api.Events;

/// <summary>A filter of a client's, checked.</summary>
/// <param name="Text">As it was sent; equal texts are tested once.</param>
/// <param name="Parsed">What it says.</param>
internal sealed record LiveFilter(string Text, Filter Parsed)
{
    /// <summary>Reads a filter; none at all is null.</summary>
    public static bool TryParse(string? text, out LiveFilter? filter, out Problem? problem)
    {
        filter = null;
        problem = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (!Rql.TryParseFilter(text, out var parsed, out problem))
        {
            return false;
        }

        filter = new LiveFilter(text, parsed);
        return true;
    }
}
