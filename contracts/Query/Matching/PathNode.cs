using System.Text;

namespace Twins.Contracts.Query.Matching;

/// <summary>A place in documents that filters look at, or that is on the way to one.</summary>
internal sealed class PathNode(PathNode? parent, byte[] name)
{
    // Comparing this many names costs about as much as hashing one.
    private const int LinearUpTo = 8;

    private readonly Dictionary<byte[], PathNode> _children = new(new Utf8Comparer());
    private PathNode[] _few = [];

    /// <summary>Filters that look at it or at something in it.</summary>
    internal int Uses { get; private set; }

    /// <summary>The values here; null if nobody looks at them.</summary>
    internal PathSlot? Values { get; set; }

    /// <summary>The times in here; null if nobody looks at them.</summary>
    internal TimesSlot? Times { get; set; }

    /// <summary>The places in it.</summary>
    internal int Children => _children.Count;

    /// <summary>The place in it with a name; null if nobody looks there.</summary>
    internal PathNode? Find(ReadOnlySpan<byte> child)
    {
        if (_children.Count > LinearUpTo)
        {
            return _children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(child, out var found) ? found : null;
        }

        foreach (var node in _few)
        {
            if (node.IsNamed(child))
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>Goes down to a place, making what is not there yet, for one filter more.</summary>
    internal PathNode Use(ReadOnlySpan<string> names)
    {
        Uses++;
        if (names.IsEmpty)
        {
            return this;
        }

        var utf8 = Encoding.UTF8.GetBytes(names[0]);
        if (!_children.TryGetValue(utf8, out var child))
        {
            _children.Add(utf8, child = new PathNode(this, utf8));
            KeepFew();
        }

        return child.Use(names[1..]);
    }

    /// <summary>Takes a filter's use back, here and on the way here.</summary>
    internal void Leave()
    {
        if (--Uses == 0 && parent is not null)
        {
            parent._children.Remove(name);
            parent.KeepFew();
        }

        parent?.Leave();
    }

    private bool IsNamed(ReadOnlySpan<byte> other) => other.SequenceEqual(name);

    private void KeepFew() => _few = _children.Count > LinearUpTo ? [] : [.. _children.Values];
}
