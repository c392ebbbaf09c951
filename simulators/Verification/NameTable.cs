using System.Text.Json;

namespace Twins.Simulators.Verification;

/// <summary>One text for each name of a property, however many twins have it. Not safe for several threads.</summary>
internal sealed class NameTable
{
    private const int Longest = 256;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public NameTable() => _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The name a reader stands on.</summary>
    public string Of(Utf8JsonReader json)
    {
        if (json.ValueSpan.Length > Longest)
        {
            return json.GetString()!;
        }

        Span<char> characters = stackalloc char[Longest];
        var name = characters[..json.CopyString(characters)];
        if (!_lookup.TryGetValue(name, out var known))
        {
            known = name.ToString();
            _names.Add(known, known);
        }

        return known;
    }
}
