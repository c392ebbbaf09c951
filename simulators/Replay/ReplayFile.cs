using System.Globalization;
using CsvHelper;

namespace Twins.Simulators.Replay;

/// <summary>A file of recorded readings that was read once from end to end and found right.</summary>
public sealed class ReplayFile
{
    private static readonly CsvReaderOptions Dialect = new()
    {
        // Detecting the separator would take a file of one column for one with spaces, or worse.
        Separator = ',',
        DetectSeparatorHint = false,
        HasHeader = false,
        TrimWhitespace = true,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    // Loggers go back at a clock change, and devices' clocks differ; such rows are played at once. What goes back further,
    // for another device, is a file sorted by device, which has no pace to play it at.
    private static readonly TimeSpan Disorder = TimeSpan.FromHours(1);

    private ReplayFile(ReplayOptions options) => Options = options;

    /// <summary>What was to be replayed.</summary>
    public ReplayOptions Options { get; }

    /// <summary>How many readings there are.</summary>
    public long Readings { get; private set; }

    /// <summary>The twin ids, in order of appearance.</summary>
    public IReadOnlyList<string> DeviceIds { get; private set; } = [];

    /// <summary>The time of the first reading.</summary>
    public DateTimeOffset First { get; private set; }

    /// <summary>The time of the last reading.</summary>
    public DateTimeOffset Last { get; private set; }

    /// <summary>How long one round of a file that is played again and again takes in its own time: the last reading has as much time as the others on average.</summary>
    internal TimeSpan Round => Last <= First ? TimeSpan.FromSeconds(1) : (Last - First) / (Readings - 1) * Readings;

    /// <summary>Reads the whole file, one row at a time, and keeps none of them.</summary>
    /// <exception cref="ReplayFileException">The file is not there or not right; the message says where.</exception>
    public static ReplayFile Check(ReplayOptions options)
    {
        var file = new ReplayFile(options);
        var ids = new List<string>();
        var above = string.Empty;
        var known = new HashSet<string>(StringComparer.Ordinal);
        DateTimeOffset? first = null, last = null;
        foreach (var reading in Read(options))
        {
            first ??= reading.Time;
            last = reading.Time;
            if (!file.Includes(reading))
            {
                continue;
            }

            if (known.Add(reading.DeviceId))
            {
                ids.Add(reading.DeviceId);
            }

            if (file.Readings++ == 0)
            {
                file.First = reading.Time;
            }
            else if (options.Speed is not null && reading.DeviceId != above && file.Last - reading.Time > Disorder)
            {
                throw ReplayFileException.At(
                    options.File, reading.Line, $"device {reading.DeviceId} starts again at {reading.TimeText}, before the row above; sort the file by time, or play it with --speed max");
            }

            file.Last = reading.Time;
            above = reading.DeviceId;
        }

        if (file.Readings == 0 && first is not null)
        {
            throw new ReplayFileException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(options.File)} has no readings between --from and --to; it goes from {first.Value.UtcDateTime:s}Z to {last!.Value.UtcDateTime:s}Z"));
        }

        if (file.Readings == 0)
        {
            throw ReplayFileException.At(options.File, 1, "there are no readings below the header");
        }

        file.DeviceIds = ids;
        return file;
    }

    /// <summary>The readings in the file's order.</summary>
    internal IEnumerable<ReplayReading> Read() => Read(Options).Where(Includes);

    private bool Includes(ReplayReading reading) =>
        !(reading.Time < Options.From) && !(reading.Time >= Options.To);

    private static IEnumerable<ReplayReading> Read(ReplayOptions options)
    {
        using var csv = CsvReader.Create(Open(options.File), Dialect);
        if (!Next(csv, options.File))
        {
            throw ReplayFileException.At(options.File, 1, "the file is empty; the first line names the columns: time,device,…");
        }

        var columns = new ReplayColumns(options, Cells(csv));
        while (Next(csv, options.File))
        {
            yield return columns.Read(Cells(csv), csv.LineNumber);
        }
    }

    private static FileStream Open(string file)
    {
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ReplayFileException(
                exception is FileNotFoundException or DirectoryNotFoundException
                    ? $"there is no file \"{file}\""
                    : $"file \"{file}\" cannot be read: {exception.Message.TrimEnd('.')}",
                exception);
        }
    }

    private static bool Next(CsvReader csv, string file)
    {
        try
        {
            return csv.Read();
        }
        catch (CsvFormatException exception)
        {
            throw ReplayFileException.At(
                file, exception.LineNumber, "a quote stands where none may; put cells with quotes in quotes and double those inside", exception);
        }
    }

    private static string[] Cells(CsvReader csv)
    {
        var cells = new string[csv.FieldCount];
        for (var index = 0; index < cells.Length; index++)
        {
            cells[index] = csv.GetString(index);
        }

        return cells;
    }
}
