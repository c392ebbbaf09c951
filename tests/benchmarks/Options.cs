using System.Globalization;

namespace Twins.Benchmarks;

/// <summary>The <c>--name value</c> pairs of the command line.</summary>
internal sealed class Options
{
    private static readonly string[] s_switch = ["on", "off"];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Options()
    {
    }

    /// <summary>Reads them.</summary>
    public static Options Parse(IEnumerable<string> arguments)
    {
        var options = new Options();
        foreach (var pair in arguments.Chunk(2))
        {
            if (pair is not [['-', '-', .. var name], var value])
            {
                throw new OptionException($"\"{pair[0]}\" is not an option with a value; write --name value");
            }

            options._values[name] = value;
        }

        return options;
    }

    /// <summary>A text, or null.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>A whole number above zero.</summary>
    public int Number(string name, int fallback) => Text(name) is not { } text
        ? fallback
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new OptionException($"--{name} \"{text}\" is not a whole number above zero");

    /// <summary>One of some words.</summary>
    public string OneOf(string name, string fallback, IReadOnlyCollection<string> words)
    {
        var text = Text(name) ?? fallback;
        return words.Contains(text, StringComparer.Ordinal)
            ? text
            : throw new OptionException($"--{name} \"{text}\" is none; there are {string.Join(", ", words)}");
    }

    /// <summary><c>on</c> or <c>off</c>.</summary>
    public bool Switch(string name, bool fallback) => OneOf(name, fallback ? s_switch[0] : s_switch[1], s_switch) == s_switch[0];

    /// <summary>The stores that <c>--store</c> names.</summary>
    public Store[] Stores(string fallback) => (Text("store") ?? fallback) switch
    {
        "embedded" => [Store.Embedded],
        "redis" => [Store.Redis],
        "both" => [Store.Embedded, Store.Redis],
        var other => throw new OptionException($"--store \"{other}\" is none; there are embedded, redis and both"),
    };
}
