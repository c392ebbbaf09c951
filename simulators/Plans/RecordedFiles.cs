using System.Globalization;
using CsvHelper;
using Twins.Simulators.Behaviours;
using Twins.Simulators.Replay;

namespace Twins.Simulators.Plans;

/// <summary>Reads values from recorded CSV files, each file once for each of its columns that are asked for.</summary>
/// <param name="folder">Where names of files begin.</param>
internal sealed class RecordedFiles(string folder)
{
    private const long MostBytes = 256L * 1024 * 1024;

    private static readonly CsvReaderOptions Dialect = new()
    {
        Separator = ',',
        DetectSeparatorHint = false,
        HasHeader = false,
        TrimWhitespace = true,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    // Without series: the file is wrong, and was said to be.
    private readonly Dictionary<(string File, string Column), IReadOnlyList<RecordedSeries>> _read = [];

    /// <summary>The behaviour; null: something is wrong and was noted.</summary>
    public RecordedBehaviour? Read(MapReader reader, NodeReader nodes)
    {
        reader.Require("file", "name a CSV file: file: readings.csv");
        reader.Require("column", "name one of its columns: column: temperature");
        if (reader.Text("file") is not { } file || reader.Text("column") is not { } column)
        {
            return null;
        }

        if (!_read.TryGetValue((file, column), out var series))
        {
            _read[(file, column)] = series = ReadFile(reader, file, column, nodes.Mistakes);
        }

        if (reader.Text("device") is { } device && series.Count > 0)
        {
            var all = series;
            series = [.. all.Where(one => one.Device == device)];
            if (series.Count == 0)
            {
                nodes.Mistakes.Add(
                    reader.Find("device")!.Place with { Column = 0 },
                    Suggestion.Write($"{Path.GetFileName(file)} has no device \"{device}\" with values in column \"{column}\"", device, all.Select(static one => one.Device)));
            }
        }

        return series.Count == 0 ? null : new RecordedBehaviour(series)
        {
            Hold = reader.Flag("hold", true),
            Loop = reader.Flag("loop", true),
            ByClock = reader.Flag("byClock"),
        };
    }

    private IReadOnlyList<RecordedSeries> ReadFile(MapReader reader, string file, string column, Mistakes mistakes)
    {
        var place = reader.Find("file")!.Place with { Column = 0 };
        var name = Path.GetFileName(file);
        try
        {
            var path = Path.Combine(folder, file);
            if (new FileInfo(path).Length > MostBytes)
            {
                mistakes.Add(place, $"file \"{file}\" has more than {MostBytes / 1024 / 1024} MiB, all of which would be kept in memory; cut it");
                return [];
            }

            using var csv = CsvReader.Create(File.OpenRead(path), Dialect);
            return Read(csv, name, column, reader.Find("column")!.Place with { Column = 0 }, mistakes);
        }
        catch (CsvFormatException exception)
        {
            mistakes.Add(new Place(name, (int)exception.LineNumber), "a quote stands where none may; put cells with quotes in quotes and double those inside");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            mistakes.Add(place, $"there is no file \"{file}\"; its name begins at the folder of the fleet file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            mistakes.Add(place, $"file \"{file}\" can not be read: {exception.Message.TrimEnd('.')}; name a CSV file");
        }

        return [];
    }

    private static IReadOnlyList<RecordedSeries> Read(CsvReader csv, string name, string column, Place asked, Mistakes mistakes)
    {
        if (!csv.Read())
        {
            mistakes.Add(new Place(name, 1), $"the file is empty; the first line names the columns: time,device,{column}");
            return [];
        }

        var header = Enumerable.Range(0, csv.FieldCount).Select(csv.GetString).ToList();
        var time = header.FindIndex(static cell => cell.Equals("time", StringComparison.OrdinalIgnoreCase) || cell.Equals("timestamp", StringComparison.OrdinalIgnoreCase));
        var device = header.FindIndex(static cell => cell.Equals("device", StringComparison.OrdinalIgnoreCase));
        var value = header.IndexOf(column);
        if (time < 0)
        {
            mistakes.Add(new Place(name, 1), "there is no column \"time\" or \"timestamp\"; add one with RFC 3339 times or Unix seconds");
        }

        if (value < 0)
        {
            mistakes.Add(asked, Suggestion.Write($"{name} has no column \"{column}\"", column, header));
        }

        if (time < 0 || value < 0)
        {
            return [];
        }

        var rows = new Dictionary<string, (List<long> Ticks, List<double> Values)>(StringComparer.Ordinal);
        var right = true;
        while (csv.Read())
        {
            right &= Row(csv, new Place(name, (int)csv.LineNumber), header.Count, time, device, value, column, rows, mistakes);
        }

        if (right && rows.Count == 0)
        {
            mistakes.Add(new Place(name, 1), $"column \"{column}\" has no values; add rows, or name another column");
        }

        return right ? [.. rows.Select(static row => new RecordedSeries(row.Key, row.Value.Ticks, row.Value.Values))] : [];
    }

    private static bool Row(
        CsvReader csv, Place place, int cells, int time, int device, int value, string column,
        Dictionary<string, (List<long> Ticks, List<double> Values)> rows, Mistakes mistakes)
    {
        if (csv.FieldCount != cells)
        {
            mistakes.Add(place, $"{csv.FieldCount} cell{(csv.FieldCount == 1 ? "" : "s")} where the header has {cells}; give every row a cell per column");
            return false;
        }

        // A cell left empty: at that time the value was not measured.
        var cell = csv.GetString(value);
        if (cell.Length == 0)
        {
            return true;
        }

        if (!ReplayTime.TryParse(csv.GetString(time), out var at))
        {
            mistakes.Add(place, $"\"{csv.GetString(time)}\" is not a time; write RFC 3339 (2026-01-31T09:00:00Z) or Unix seconds or milliseconds");
            return false;
        }

        if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            mistakes.Add(place, $"\"{cell}\" in column \"{column}\" is not a number; correct the row or leave the cell empty");
            return false;
        }

        var name = device < 0 ? "" : csv.GetString(device);
        if (!rows.TryGetValue(name, out var row))
        {
            rows[name] = row = ([], []);
        }

        if (row.Ticks.Count > 0 && at.UtcTicks <= row.Ticks[^1])
        {
            mistakes.Add(place, $"the time {csv.GetString(time)} is not after the one before it{(name.Length > 0 ? $" of device \"{name}\"" : "")}; sort the file by time and take doubles away");
            return false;
        }

        row.Ticks.Add(at.UtcTicks);
        row.Values.Add(number);
        return true;
    }
}
