namespace Twins.Simulators.Replay;

/// <summary>What to replay, and how fast.</summary>
/// <param name="File">A CSV file: a column <c>time</c> (or <c>timestamp</c>), a column <c>device</c>, and a column for each reported property, by its path: <c>motor/rpm</c> is within <c>motor</c>.</param>
public sealed record ReplayOptions(string File)
{
    /// <summary>How many times faster than recorded; null: as fast as acknowledgements come.</summary>
    /// <value>Default: 1.</value>
    public double? Speed { get; init; } = 1;

    /// <summary>The device of all readings, for a file without a <c>device</c> column.</summary>
    public string? Device { get; init; }

    /// <summary>What goes before the device's name to make the twin id, unless the name has a <c>:</c> of its own; empty: nothing.</summary>
    /// <value>Default: <c>sim</c>.</value>
    public string Prefix { get; init; } = "sim";

    /// <summary>Leaves out what was recorded before; null: nothing.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Leaves out what was recorded then and later; null: nothing.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Begins again at the end of the file, until stopped.</summary>
    /// <value>Default: off.</value>
    public bool Loop { get; init; }

    /// <summary>Columns by another name: the name in the file, and <c>time</c>, <c>device</c> or the property's path (<c>motor/rpm</c>).</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Sends the recorded time along as <c>ts</c>.</summary>
    /// <value>Default: off.</value>
    public bool Timestamps { get; init; }
}
