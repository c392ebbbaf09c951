using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Twins.Contracts.Query;

/// <summary>
/// Keeps filters that were read lately: the API, the fleet grain and each partition of a process ask for the same one. Thread-safe.
/// </summary>
/// <remarks>
/// There are two generations. When the newer one holds half of the capacity, it becomes the older one, and what was in the older one is
/// forgotten; a filter that is asked for again moves to the newer one.
/// </remarks>
/// <param name="capacity">Characters (UTF-16) of all filters, about. The parsed filter takes some ten times as many bytes.</param>
public sealed class FilterCache(int capacity)
{
    /// <summary>64 filters of the greatest length, or some thousands of the usual length.</summary>
    public const int DefaultCapacity = 64 * Rql.MaxCharacters;

    private readonly Lock _lock = new();
    private ConcurrentDictionary<string, Filter> _newer = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, Filter> _older = new(StringComparer.Ordinal);
    private int _characters;

    /// <summary>Makes a cache of <see cref="DefaultCapacity"/>.</summary>
    public FilterCache()
        : this(DefaultCapacity)
    {
    }

    /// <summary>Gets the number of filters that are kept.</summary>
    public int Count => _newer.Count + _older.Count;

    /// <summary>Reads a filter as <see cref="Rql.TryParseFilter"/> does, or returns the one that was read before.</summary>
    public bool TryParse(string text, [NotNullWhen(true)] out Filter? filter, [NotNullWhen(false)] out Problem? problem)
    {
        problem = null;
        if (_newer.TryGetValue(text, out filter))
        {
            return true;
        }

        if (!_older.TryGetValue(text, out filter) && !Rql.TryParseFilter(text, out filter, out problem))
        {
            return false;
        }

        filter = Keep(text, filter);
        return true;
    }

    private Filter Keep(string text, Filter filter)
    {
        lock (_lock)
        {
            if (!_newer.TryAdd(text, filter))
            {
                return _newer[text];
            }

            _older.TryRemove(text, out _);
            _characters += text.Length;
            if (_characters > capacity / 2)
            {
                (_older, _newer, _characters) = (_newer, new(StringComparer.Ordinal), 0);
            }

            return filter;
        }
    }
}
