namespace Twins.Simulators.Plans;

/// <summary>What is wrong with a file: all of it, in the order it was found.</summary>
internal sealed class Mistakes
{
    // More than anybody reads; a file that is wrong in every line should still be answered at once.
    private const int Most = 100;

    private readonly List<string> _sentences = [];

    public IReadOnlyList<string> Sentences => _sentences;

    /// <summary>Notes a mistake, unless it is known.</summary>
    /// <param name="place">Where.</param>
    /// <param name="what">What is wrong, a semicolon, and what would be right.</param>
    public void Add(Place place, string what)
    {
        var sentence = $"{place}: {what}";
        if (_sentences.Count < Most && !_sentences.Contains(sentence, StringComparer.Ordinal))
        {
            _sentences.Add(sentence);
        }
    }

    /// <exception cref="FleetFileException">There are mistakes.</exception>
    public void ThrowIfAny()
    {
        if (_sentences.Count > 0)
        {
            throw new FleetFileException(_sentences);
        }
    }
}
