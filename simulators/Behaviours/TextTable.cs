using System.Text.Json;

namespace Twins.Simulators.Behaviours;

/// <summary>The texts a kind's properties can have, each once.</summary>
internal sealed class TextTable
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<JsonEncodedText> _texts = [];

    /// <summary>The text's number, which is given to it if it has none.</summary>
    public int Add(string text)
    {
        if (!_index.TryGetValue(text, out var index))
        {
            _index[text] = index = _texts.Count;
            _texts.Add(JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
        }

        return index;
    }

    /// <summary>The text's number; less than 0: it has none.</summary>
    public int Find(string text) => _index.GetValueOrDefault(text, -1);

    public JsonEncodedText this[int index] => _texts[index];
}
