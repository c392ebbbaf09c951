using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using Twins.Contracts.Json;
using Twins.Simulators.Replay;

namespace Twins.Simulators.Recording;

/// <summary>
/// A CSV file whose columns are known only at its end: messages go to a file beside it (<c>.part</c>) as they come, and from
/// there into the file once it is known which properties there are. Not safe for several threads.
/// </summary>
/// <remarks>
/// Columns are <c>time</c>, <c>device</c> and the properties by path; a property called like one of these two has a slash in
/// front. Cells are as <see cref="ReplayCell"/> reads them, so that what is replayed is what was recorded: a property that was
/// removed is <c>null</c>, and a text that looks like something else is a JSON string.
/// </remarks>
internal sealed class RecordingFile : IDisposable
{
    // A row has a cell for each; more than this is not a table.
    private const int MostColumns = 10_000;

    private static readonly string[] Taken = ["time", "timestamp", "device"];
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _path;
    private readonly string _part;
    private readonly FileStream _file;
    private readonly FileStream _messages;
    private readonly Utf8JsonWriter _json;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly List<bool> _hasNumbers = [];
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private bool _finished;

    private RecordingFile(string path, FileStream file, FileStream messages)
    {
        _path = path;
        _part = messages.Name;
        _file = file;
        _messages = messages;
        _json = new Utf8JsonWriter(messages, Json);
    }

    public long Messages { get; private set; }

    public int Devices => _devices.Count;

    public int Columns => _columns.Count;

    public DateTimeOffset? First { get; private set; }

    public DateTimeOffset? Last { get; private set; }

    /// <summary>Makes a new file.</summary>
    /// <exception cref="RecordException">It is there already, or can not be made.</exception>
    public static RecordingFile Create(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            return new RecordingFile(path, file, new FileStream(path + ".part", FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 64 * 1024));
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new RecordException($"file \"{path}\" is there already; name another file, or remove it", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RecordException($"file \"{path}\" can not be written: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    /// <summary>Adds a message.</summary>
    /// <exception cref="RecordException">There are too many properties, or the disk is full.</exception>
    public void Add(RecordedMessage message)
    {
        Discover(message.Patch, null);
        try
        {
            _json.WriteStartArray();
            _json.WriteStringValue(message.Time);
            _json.WriteStringValue(message.TwinId);
            message.Patch.WriteTo(_json);
            _json.WriteEndArray();
            _json.Flush();
            _json.Reset();
            _messages.WriteByte((byte)'\n');
        }
        catch (IOException exception)
        {
            throw NotWritten(exception);
        }

        Messages++;
        _devices.Add(message.TwinId);
        First = First is { } first && first < message.Time ? first : message.Time;
        Last = Last is { } last && last > message.Time ? last : message.Time;
    }

    /// <summary>Writes the file. One without messages is removed.</summary>
    /// <exception cref="RecordException">The disk is full.</exception>
    public void Finish()
    {
        try
        {
            WriteTable();
            _finished = Messages > 0;
        }
        catch (IOException exception)
        {
            throw NotWritten(exception);
        }
    }

    public void Dispose()
    {
        _json.Dispose();
        _messages.Dispose();
        _file.Dispose();
        if (_finished || Messages == 0)
        {
            // Otherwise what was recorded is nowhere else.
            File.Delete(_part);
        }

        if (!_finished)
        {
            File.Delete(_path);
        }
    }

    private void Discover(JsonElement value, string? path)
    {
        if (path is null || (value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() > 0))
        {
            foreach (var member in value.EnumerateObject().Where(member => !IsPlatforms(member.Name, path)))
            {
                Discover(member.Value, Within(path, member.Name));
            }

            return;
        }

        if (!_columns.TryGetValue(path, out var column))
        {
            if (_columns.Count == MostColumns)
            {
                throw new RecordException($"there are more than {MostColumns} properties; record fewer devices with --topic");
            }

            _columns.Add(path, column = _columns.Count);
            _hasNumbers.Add(false);
        }

        _hasNumbers[column] |= value.ValueKind == JsonValueKind.Number;
    }

    private void WriteTable()
    {
        _messages.Flush();
        _messages.Position = 0;
        using var lines = new StreamReader(_messages, new UTF8Encoding(false), false, 64 * 1024, leaveOpen: true);
        using var text = new StreamWriter(_file, new UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\n" };
        using var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(["time", "device", .. _columns.Keys.Select(Header)]);
        var row = new string[_columns.Count + 2];
        while (lines.ReadLine() is { } line)
        {
            using var message = JsonDocument.Parse(line);
            Array.Fill(row, string.Empty);
            row[0] = message.RootElement[0].GetDateTimeOffset().ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
            row[1] = message.RootElement[1].GetString()!;
            Fill(row, message.RootElement[2], null);
            csv.WriteRecord(row);
        }
    }

    private void Fill(string[] row, JsonElement value, string? path)
    {
        if (path is null || (value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() > 0))
        {
            foreach (var member in value.EnumerateObject().Where(member => !IsPlatforms(member.Name, path)))
            {
                Fill(row, member.Value, Within(path, member.Name));
            }

            return;
        }

        var column = _columns[path];
        row[column + 2] = ReplayCell.Of(value, _hasNumbers[column]);
    }

    private RecordException NotWritten(IOException exception) =>
        new($"file \"{_path}\" can not be written any more: {exception.Message.TrimEnd('.')}; what was recorded until then is in \"{_part}\"", exception);

    // $epoch, $seq and $ts of devices without user properties.
    private static bool IsPlatforms(string name, string? path) => path is null && name.StartsWith('$');

    private static string Within(string? path, string name) =>
        path is null ? PropertyPath.Format([name]) : $"{path}/{PropertyPath.Format([name])}";

    private static string Header(string path) => Taken.Contains(path, StringComparer.OrdinalIgnoreCase) ? "/" + path : path;
}
