using System.Buffers.Text;
using System.Text.Json;
using Twins.Simulators.Replay;

namespace Twins.Simulators.Ledgers;

/// <summary>
/// Streams a ledger from its file, a line at a time, as often as wanted. A torn last line is left out; anything else that is
/// not as <see cref="LedgerFormat"/> says is an error with its line.
/// </summary>
internal sealed class LedgerReader
{
    private const int FirstBuffer = 256 * 1024;

    // A document has at most 64 KiB, and a report is never larger.
    private const int LongestLine = 4 * 1024 * 1024;

    // The same few thousand twins on every line: one text each.
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _idLookup;

    private LedgerReader(string path)
    {
        File = path;
        _idLookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The file's size when it was opened, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>What its first line says.</summary>
    public LedgerHeader Header { get; private set; } = null!;

    /// <summary>Opens a ledger and reads its header.</summary>
    /// <exception cref="LedgerException">There is no such file, or it is no ledger.</exception>
    public static LedgerReader Open(string path)
    {
        var reader = new LedgerReader(path);
        foreach (var (line, text) in reader.Lines(null))
        {
            reader.Header = HeaderOf(path, line, text.Span);
            return reader;
        }

        throw LedgerException.At(path, 1, "there is no complete line; a ledger is what run or replay writes with --ledger");
    }

    /// <summary>The lines below the header.</summary>
    /// <param name="progress">Told how many bytes were read, now and then.</param>
    /// <exception cref="LedgerException">A line is not one of a ledger.</exception>
    public IEnumerable<LedgerEntry> Read(IProgress<long>? progress = null)
    {
        long last = 0;
        var ended = false;
        foreach (var (line, text) in Lines(progress))
        {
            if (line == 1)
            {
                continue;
            }

            if (ended)
            {
                throw LedgerException.At(File, line, "the ledger goes on after its end; are these two ledgers in one file?");
            }

            var entry = EntryOf(line, text);
            ended = entry.Kind == LedgerEntryKind.End;
            var isNext = entry.Kind switch
            {
                LedgerEntryKind.Sent => entry.Number == last + 1,
                LedgerEntryKind.End => entry.Number == last,
                _ => entry.Number >= 1 && entry.Number <= last,
            };
            if (!isNext)
            {
                throw LedgerException.At(File, line, $"entry {entry.Number} does not belong behind entry {last}; a line is missing above");
            }

            last = entry.Kind == LedgerEntryKind.Sent ? entry.Number : last;
            yield return entry;
        }
    }

    private IEnumerable<(long Line, ReadOnlyMemory<byte> Text)> Lines(IProgress<long>? progress)
    {
        using var file = OpenFile();
        Bytes = file.Length;
        var buffer = new byte[FirstBuffer];
        var (start, end) = (0, 0);
        for (long line = 1, read = 0; ;)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                yield return (line++, buffer.AsMemory(start, length));
                start += length + 1;
                continue;
            }

            if (end - start == buffer.Length)
            {
                if (buffer.Length >= LongestLine)
                {
                    throw LedgerException.At(File, line, "the line is longer than 4 MiB; this is no ledger");
                }

                Array.Resize(ref buffer, buffer.Length * 2);
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            var count = Fill(file, buffer.AsSpan(end));
            if (count == 0)
            {
                // What is left has no line feed: torn off with the simulator that wrote it.
                yield break;
            }

            end += count;
            read += count;
            progress?.Report(read);
        }
    }

    private FileStream OpenFile()
    {
        try
        {
            return new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException(
                exception is FileNotFoundException or DirectoryNotFoundException
                    ? $"there is no ledger \"{File}\"; run or replay write one with --ledger"
                    : $"ledger \"{File}\" can not be read: {exception.Message.TrimEnd('.')}",
                exception);
        }
    }

    private int Fill(FileStream file, Span<byte> buffer)
    {
        try
        {
            return file.Read(buffer);
        }
        catch (IOException exception)
        {
            throw new LedgerException($"ledger \"{File}\" can not be read: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private static LedgerHeader HeaderOf(string path, long line, ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            using var header = JsonDocument.ParseValue(ref reader);
            var root = header.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(LedgerFormat.VersionName, out var version))
            {
                return version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) && number == LedgerFormat.Version
                    ? new LedgerHeader(
                        root.GetProperty(LedgerFormat.BrokerName).GetString() ?? string.Empty,
                        root.TryGetProperty(LedgerFormat.SeedName, out var seed) ? seed.GetInt32() : null,
                        root.GetProperty(LedgerFormat.PlanName).GetString() ?? string.Empty,
                        root.GetProperty(LedgerFormat.StartedName).GetDateTimeOffset())
                    : throw LedgerException.At(path, line, $"the ledger's format is {version.GetRawText()}; this simulator reads {LedgerFormat.Version}");
            }
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw LedgerException.At(path, line, "this is not the header of a ledger; a ledger is what run or replay writes with --ledger", exception);
        }

        throw LedgerException.At(path, line, "this is not the header of a ledger; a ledger is what run or replay writes with --ledger");
    }

    private LedgerEntry EntryOf(long line, ReadOnlyMemory<byte> text)
    {
        try
        {
            return Parse(text) ?? throw LedgerException.At(File, line, "this is neither a report nor an acknowledgement; the ledger was changed or is damaged");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw LedgerException.At(File, line, "this is no line of a ledger; only its last line may be torn", exception);
        }
    }

    private LedgerEntry? Parse(ReadOnlyMemory<byte> text)
    {
        // Half of all lines are acknowledgements, and every one of them looks like this.
        if (text.Span.StartsWith("{\"ack\":"u8) && Utf8Parser.TryParse(text.Span[7..], out long acknowledged, out var digits) && text.Length == digits + 8 && text.Span[^1] == '}')
        {
            return new LedgerEntry(LedgerEntryKind.Acknowledged, acknowledged, string.Empty, null, null, null, default);
        }

        var json = new Utf8JsonReader(text.Span);
        json.Read();
        LedgerEntryKind? kind = null;
        long number = 0;
        var id = string.Empty;
        ulong? epoch = null, seq = null;
        DateTimeOffset? time = null;
        ReadOnlyMemory<byte> patch = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals(LedgerFormat.NumberName))
            {
                (kind, number) = (LedgerEntryKind.Sent, Next(ref json).GetInt64());
            }
            else if (json.ValueTextEquals(LedgerFormat.AcknowledgedName))
            {
                (kind, number) = (LedgerEntryKind.Acknowledged, Next(ref json).GetInt64());
            }
            else if (json.ValueTextEquals(LedgerFormat.EndName))
            {
                (kind, number) = (LedgerEntryKind.End, Next(ref json).GetInt64());
            }
            else if (json.ValueTextEquals(LedgerFormat.TwinName))
            {
                id = Id(Next(ref json));
            }
            else if (json.ValueTextEquals(LedgerFormat.EpochName))
            {
                epoch = Next(ref json).GetUInt64();
            }
            else if (json.ValueTextEquals(LedgerFormat.SeqName))
            {
                seq = Next(ref json).GetUInt64();
            }
            else if (json.ValueTextEquals(LedgerFormat.TimeName))
            {
                time = ReplayTime.TryParseStamp(Next(ref json).GetString() ?? string.Empty, out var parsed) ? parsed : throw new FormatException();
            }
            else if (json.ValueTextEquals(LedgerFormat.PatchName))
            {
                Next(ref json);
                var start = (int)json.TokenStartIndex;
                var isObject = json.TokenType == JsonTokenType.StartObject;
                json.Skip();
                patch = isObject ? text[start..(int)json.BytesConsumed] : throw new FormatException();
            }
            else
            {
                return null;
            }
        }

        // Reads to the end: what stands behind the object is no ledger's.
        json.Read();
        return kind is not { } known || (known == LedgerEntryKind.Sent && (id.Length == 0 || patch.IsEmpty))
            ? null
            : new LedgerEntry(known, number, id, epoch, seq, time, patch);
    }

    private static ref Utf8JsonReader Next(ref Utf8JsonReader json)
    {
        json.Read();
        return ref json;
    }

    private string Id(Utf8JsonReader json)
    {
        Span<char> characters = stackalloc char[256];
        if (json.ValueSpan.Length > characters.Length)
        {
            throw new FormatException();
        }

        var id = characters[..json.CopyString(characters)];
        if (!_idLookup.TryGetValue(id, out var known))
        {
            known = id.ToString();
            _ids.Add(known, known);
        }

        return known;
    }
}
