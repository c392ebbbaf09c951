using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Twins.Simulators.Plans;

/// <summary>
/// Reads YAML into nodes that know their lines. What a small file can be blown up to (by aliases of aliases) or nested to is
/// bounded, because what walks over the nodes has neither all the memory nor all the stack there is.
/// </summary>
internal sealed class YamlDocument
{
    private const int MostBytes = 1024 * 1024;
    private const int MostNodes = 100_000;
    private const int Deepest = 24;

    private readonly string _file;
    private readonly string[] _lines;
    private readonly Mistakes _mistakes;
    private readonly Parser _parser;
    private readonly Dictionary<string, (PlanNode? Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private int _size;

    private YamlDocument(string file, string text, Mistakes mistakes)
    {
        _file = file;
        _lines = text.Split('\n');
        _mistakes = mistakes;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The file's content.</summary>
    /// <exception cref="FleetFileException">It can not be read.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MostBytes)
            {
                throw Wrong($"file \"{path}\" has {length / 1024} KiB; a fleet file has at most {MostBytes / 1024}, and recorded values stand in CSV files beside it");
            }

            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw Wrong($"file \"{path}\" is not text in UTF-8; give a YAML file");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Wrong(Directory.Exists(path) ? $"\"{path}\" is a folder; name a YAML file in it" : $"there is no file \"{path}\"");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Wrong(Directory.Exists(path) ? $"\"{path}\" is a folder; name a YAML file in it" : $"file \"{path}\" can not be read: {exception.Message.TrimEnd('.')}");
        }
    }

    /// <summary>The map that a file consists of; duplicate keys are noted, and the first of them counts.</summary>
    /// <exception cref="FleetFileException">It is no YAML, or not a map.</exception>
    public static MapNode Parse(string file, string text, Mistakes mistakes)
    {
        if (text.AsSpan().IndexOf('\0') is >= 0 and var zero)
        {
            throw Wrong($"{new Place(file, text.AsSpan(0, zero).Count('\n') + 1)}: there is a zero byte, as in no text; give a YAML file");
        }

        var document = new YamlDocument(file, text, mistakes);
        try
        {
            return document.Root();
        }
        catch (YamlException exception)
        {
            throw document.Explain(exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // What YamlDotNet lets out of its scanner where a text has characters in places it does not expect.
            var line = (int)Math.Max(1, document._parser.Current?.End.Line ?? 1);
            throw Wrong($"{new Place(file, line)}: somewhere behind this line is no YAML; check characters that are not to be seen, indentation, colons and quotes there");
        }
    }

    private MapNode Root()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            throw Wrong($"{new Place(_file, 1)}: the file is empty; write at least kinds: with one kind below it");
        }

        var root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            throw Wrong($"{At(second)}: a second document begins; a fleet file has one, so take the --- away");
        }

        return root as MapNode ?? throw Wrong(
            root is ScalarNode { IsNull: true }
                ? $"{root.Place with { Column = 0 }}: the file is empty; write at least kinds: with one kind below it"
                : $"{root.Place with { Column = 0 }}: the file is {root.Words}; a fleet file has keys such as kinds: at its left margin");
    }

    private PlanNode Node(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Alias(alias);
        }

        var before = _size++;
        Count(_parser.Current!);
        if (depth > Deepest)
        {
            throw Wrong($"{At(_parser.Current!)}: lists and maps nest deeper than {Deepest} levels; a fleet file needs fewer than ten");
        }

        var anchor = (_parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = (null, 0);
        }

        PlanNode node;
        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            node = Scalar(scalar);
        }
        else if (_parser.TryConsume<SequenceStart>(out var list))
        {
            var items = new List<PlanNode>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Node(depth + 1));
            }

            node = new ListNode(items, At(list));
        }
        else
        {
            node = Map(depth);
        }

        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = (node, _size - before);
        }

        return node;
    }

    private PlanNode Alias(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var target) || target.Node is null)
        {
            throw Wrong($"{At(alias)}: *{alias.Value.Value} stands for nothing that is complete before it; name a piece with &{alias.Value.Value} first");
        }

        // As if it were written out: what walks over it does not know that it was there before.
        _size += target.Size;
        Count(alias);
        return target.Node;
    }

    private MapNode Map(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new List<(ScalarNode Key, PlanNode Value)>();
        var keys = new Dictionary<string, Place>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is not ScalarNode { Text: var name } scalar)
            {
                throw Wrong($"{key.Place with { Column = 0 }}: a key is {key.Words}; keys are single words");
            }

            if (!keys.TryAdd(name, key.Place))
            {
                _mistakes.Add(key.Place with { Column = 0 }, $"key {scalar.Words} stands there twice, first in line {keys[name].Line}; take one away");
                continue;
            }

            entries.Add((scalar, value));
        }

        return new MapNode(entries, At(start));
    }

    private ScalarNode Scalar(Scalar scalar)
    {
        var plain = scalar.Style == ScalarStyle.Plain;
        var place = At(scalar);

        // Columns of formulas are told only where the text stands as it was written.
        var oneLine = scalar.Start.Line == scalar.End.Line
            && scalar.Style is ScalarStyle.Plain or ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted;
        return new ScalarNode(scalar.Value, plain, !oneLine ? place with { Column = 0 } : plain ? place : place.Plus(1));
    }

    private void Count(ParsingEvent at)
    {
        if (_size > MostNodes)
        {
            throw Wrong($"{At(at)}: the file has more than {MostNodes} values, aliases written out; a fleet file needs a few hundred");
        }
    }

    private Place At(ParsingEvent at) => new(_file, (int)at.Start.Line, at is Scalar ? (int)at.Start.Column : 0);

    private FleetFileException Explain(YamlException exception)
    {
        var line = (int)Math.Max(1, exception.Start.Line);

        // The scanner complains of the key before, sometimes.
        for (var near = line; near <= Math.Min(exception.End.Line + 1, _lines.Length); near++)
        {
            var written = _lines[near - 1].AsSpan();
            if (written[..^written.TrimStart().Length].Contains('\t'))
            {
                return Wrong($"{new Place(_file, near)}: a tab indents the line; YAML wants spaces");
            }
        }

        var detail = exception.Message.Split('\n')[0].Trim().TrimEnd('.');
        var colon = detail.StartsWith('(') ? detail.IndexOf("): ", StringComparison.Ordinal) : -1;
        detail = colon >= 0 ? detail[(colon + 3)..] : detail;
        return Wrong($"{new Place(_file, line, (int)exception.Start.Column)}: this is no YAML ({(detail.Length > 0 ? char.ToLowerInvariant(detail[0]) + detail[1..] : "unreadable")}); {(detail.Contains("invalid mapping", StringComparison.Ordinal) ? "a text with \": \" in it needs quotes" : "check indentation, colons and quotes there")}");
    }

    private static FleetFileException Wrong(string sentence) => new([sentence]);
}
