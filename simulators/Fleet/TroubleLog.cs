using System.Collections.Concurrent;

namespace Twins.Simulators.Fleet;

/// <summary>Says each kind of trouble once, and counts the rest.</summary>
internal sealed class TroubleLog(Action<string>? say)
{
    // Kinds are named in this code and by reason codes of MQTT, so there are few of them.
    private readonly ConcurrentDictionary<string, Entry> _kinds = new(StringComparer.Ordinal);

    /// <summary>The number of times anything went wrong.</summary>
    public long Total => _kinds.Values.Sum(entry => Interlocked.Read(ref entry.Count));

    /// <summary>Every kind so far, most frequent first.</summary>
    public IReadOnlyList<Trouble> Kinds =>
        [.. _kinds.Values
            .Select(entry => new Trouble(entry.Sentence, Interlocked.Read(ref entry.Count)))
            .OrderByDescending(trouble => trouble.Count)];

    /// <summary>Counts a trouble, and says its sentence if it is the first of its kind.</summary>
    public void Report(string kind, string sentence)
    {
        var entry = _kinds.GetOrAdd(kind, static (_, sentence) => new Entry(sentence), sentence);
        if (Interlocked.Increment(ref entry.Count) == 1)
        {
            say?.Invoke(entry.Sentence);
        }
    }

    private sealed class Entry(string sentence)
    {
        public long Count;

        public string Sentence { get; } = sentence;
    }
}
