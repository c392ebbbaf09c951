using System.Text.Json;

namespace Twins.Simulators.Verification;

/// <summary>
/// What earlier looks saw, in a file beside the ledger (<c>.seen</c>): a line <c>{"id":…,"revision":…,"entries":{"motor/rpm":17}}</c>
/// a twin. It is written whole and then put in place, so that it is never half a file.
/// </summary>
internal static class SeenFile
{
    /// <summary>Where it is.</summary>
    public static string PathOf(string ledger) => ledger + ".seen";

    /// <summary>Reads it; empty where there is none.</summary>
    /// <exception cref="Ledgers.LedgerException">It is damaged.</exception>
    public static Dictionary<string, SeenTwin> Read(string ledger)
    {
        var path = PathOf(ledger);
        var twins = new Dictionary<string, SeenTwin>(StringComparer.Ordinal);
        if (!File.Exists(path))
        {
            return twins;
        }

        long line = 0;
        try
        {
            foreach (var text in File.ReadLines(path))
            {
                line++;
                using var json = JsonDocument.Parse(text);
                var entries = json.RootElement.GetProperty("entries").EnumerateObject()
                    .ToDictionary(static member => member.Name, static member => member.Value.GetInt64(), StringComparer.Ordinal);
                twins[json.RootElement.GetProperty("id").GetString()!] = new SeenTwin(json.RootElement.GetProperty("revision").GetInt64(), entries);
            }
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw Ledgers.LedgerException.At(path, line, "this is not what an earlier look left behind; remove the file to forget earlier looks", exception);
        }

        return twins;
    }

    /// <summary>Replaces it.</summary>
    /// <exception cref="Ledgers.LedgerException">It can not be written.</exception>
    public static void Write(string ledger, IReadOnlyDictionary<string, SeenTwin> twins)
    {
        var path = PathOf(ledger);
        try
        {
            var part = path + ".part";
            using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 64 * 1024))
            {
                using var json = new Utf8JsonWriter(file);
                foreach (var (id, twin) in twins)
                {
                    json.WriteStartObject();
                    json.WriteString("id", id);
                    json.WriteNumber("revision", twin.Revision);
                    json.WriteStartObject("entries");
                    foreach (var (property, entry) in twin.Entries)
                    {
                        json.WriteNumber(property, entry);
                    }

                    json.WriteEndObject();
                    json.WriteEndObject();
                    json.Flush();
                    json.Reset();
                    file.WriteByte((byte)'\n');
                }
            }

            File.Move(part, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new Ledgers.LedgerException($"\"{path}\" can not be written: {exception.Message.TrimEnd('.')}", exception);
        }
    }
}
