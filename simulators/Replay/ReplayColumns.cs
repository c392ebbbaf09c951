using Twins.Contracts.Json;
using Twins.Contracts.Twins;

namespace Twins.Simulators.Replay;

/// <summary>What the columns of a file mean.</summary>
internal sealed class ReplayColumns
{
    private readonly ReplayOptions _options;
    private readonly int _time;
    private readonly int _device;
    private readonly int[] _properties;
    private readonly bool[] _numeric;
    private readonly bool[] _known;
    private readonly string? _onlyDevice;

    /// <summary>Reads a header.</summary>
    /// <exception cref="ReplayFileException">A column is missing, doubled or nameless.</exception>
    public ReplayColumns(ReplayOptions options, string[] header)
    {
        _options = options;
        Count = header.Length;
        if (header is [var only] && only.Contains(';', StringComparison.Ordinal))
        {
            throw Wrong("the columns are separated by \";\"; separate them by commas");
        }

        header = Renamed(header);
        for (var column = 0; column < header.Length; column++)
        {
            if (header[column].Length == 0)
            {
                throw Wrong($"column {column + 1} has no name; name every column");
            }

            if (header[column].StartsWith('$'))
            {
                throw Wrong($"column \"{header[column]}\" starts with \"$\", which is the platform's; rename it");
            }

            if (Array.IndexOf(header, header[column]) != column)
            {
                throw Wrong($"there are two columns \"{header[column]}\"; rename one");
            }
        }

        _time = Find(header, "time", "timestamp");
        if (_time < 0)
        {
            throw Wrong("there is no column \"time\" or \"timestamp\"; add one with RFC 3339 times or Unix seconds");
        }

        _device = Find(header, "device");
        if (_device < 0 == options.Device is null)
        {
            throw Wrong(_device < 0
                ? "there is no column \"device\"; add one, or name the device with --device"
                : "there is a column \"device\"; leave out --device");
        }

        _onlyDevice = options.Device is null ? null : Id(options.Device, 1);
        _properties = [.. Enumerable.Range(0, header.Length).Where(column => column != _time && column != _device)];
        if (_properties.Length == 0)
        {
            throw Wrong("there is nothing but times and devices; add a column for each reported property");
        }

        _numeric = new bool[_properties.Length];
        _known = new bool[_properties.Length];
        Tree = new ReplayTree();
        for (var index = 0; index < _properties.Length; index++)
        {
            // With a slash in front it is a property whatever its name: "/time".
            var name = header[_properties[index]];
            if (!PropertyPath.TryParse(name.StartsWith('/') ? name[1..] : name, out var path, out var problem))
            {
                throw Wrong($"column \"{name}\" names no property: {problem.Detail}");
            }

            if (!Tree.TryAdd(path, index))
            {
                throw Wrong($"there are two columns for the property {PropertyPath.Format(path)}; rename one");
            }
        }
    }

    /// <summary>How many cells every row has.</summary>
    public int Count { get; }

    /// <summary>The reported properties, and which cell each has.</summary>
    public ReplayTree Tree { get; }

    /// <summary>Reads a row.</summary>
    /// <exception cref="ReplayFileException">Its time or its device is wrong, or cells are missing.</exception>
    public ReplayReading Read(string[] row, long line)
    {
        if (row.Length != Count)
        {
            throw Wrong($"{row.Length} cell{(row.Length == 1 ? "" : "s")} where the header has {Count}; give every row a cell per column", line);
        }

        if (!ReplayTime.TryParse(row[_time], out var time))
        {
            throw Wrong($"\"{row[_time]}\" is not a time; write RFC 3339 (2026-01-31T09:00:00Z) or Unix seconds or milliseconds", line);
        }

        var cells = new string[_properties.Length];
        for (var index = 0; index < cells.Length; index++)
        {
            cells[index] = row[_properties[index]];
            CheckKind(index, cells[index], line);
        }

        if (Tree.Contradiction(cells) is { } path)
        {
            throw Wrong($"property {path} has a value and properties within it; leave one of the cells empty", line);
        }

        return new ReplayReading(line, time, _onlyDevice ?? Id(row[_device], line), Tree, cells);
    }

    // Where numbers stand above, a text is a number that went wrong: 12.3.4, 1O or n/a would end up in twins as it is.
    private void CheckKind(int index, string cell, long line)
    {
        if (cell.Length == 0)
        {
            return;
        }

        var kind = ReplayCell.KindOf(cell);
        if (!_known[index])
        {
            (_known[index], _numeric[index]) = (true, kind == ReplayCellKind.Number);
        }
        else if (_numeric[index] && kind == ReplayCellKind.Text)
        {
            throw Wrong($"\"{cell}\" in column {_properties[index] + 1} is no number, and the rows above have numbers there; correct it, leave the cell empty, or write \"\"\"{cell}\"\"\" for a text", line);
        }
    }

    private string[] Renamed(string[] header)
    {
        foreach (var name in _options.Columns.Keys)
        {
            if (!header.Contains(name, StringComparer.Ordinal))
            {
                throw Wrong($"there is no column \"{name}\" to rename; there are {string.Join(", ", header)}");
            }
        }

        return [.. header.Select(name => _options.Columns.GetValueOrDefault(name, name))];
    }

    private string Id(string device, long line)
    {
        if (device.Length == 0)
        {
            throw Wrong("the device is empty; every row names its device", line);
        }

        var id = _options.Prefix.Length == 0 || device.Contains(':', StringComparison.Ordinal) ? device : $"{_options.Prefix}:{device}";
        return TwinId.TryValidate(id, out var problem) ? id : throw Wrong(problem.Detail, line);
    }

    private ReplayFileException Wrong(string detail, long line = 1) => ReplayFileException.At(_options.File, line, detail);

    private static int Find(string[] header, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var column = Array.FindIndex(header, cell => string.Equals(cell, name, StringComparison.OrdinalIgnoreCase));
            if (column >= 0)
            {
                return column;
            }
        }

        return -1;
    }
}
