using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Twins.Benchmarks;

/// <summary>Rows of numbers: printed as a table and as JSON.</summary>
internal sealed class Report(string title, string unit)
{
    private readonly List<(string Name, (string Column, double Value)[] Cells)> _rows = [];

    /// <summary>Adds a row; all rows have the same columns.</summary>
    public void Add(string name, params (string Column, double Value)[] cells) => _rows.Add((name, cells));

    /// <summary>Prints it, and writes the JSON to the file that <c>--json</c> names.</summary>
    public void Print(Options options) => Print(options, [this]);

    /// <summary>Prints several of one run; the file gets a line of JSON for each.</summary>
    public static void Print(Options options, IReadOnlyList<Report> reports)
    {
        var lines = reports.Select(report => report.Print()).ToArray();
        if (options.Text("json") is { } file)
        {
            File.WriteAllLines(file, lines);
        }
    }

    /// <returns>The same in JSON.</returns>
    private string Print()
    {
        var width = _rows.Max(row => row.Name.Length);
        Console.WriteLine();
        Console.WriteLine($"{title}, {unit}, {Environment.ProcessorCount} cores");
        Console.WriteLine("".PadRight(width) + string.Concat(_rows[0].Cells.Select(cell => cell.Column.PadLeft(11))));
        foreach (var (name, cells) in _rows)
        {
            Console.WriteLine(name.PadRight(width) + string.Concat(cells.Select(cell => Text(cell.Value).PadLeft(11))));
        }

        var json = new JsonObject
        {
            ["benchmark"] = title,
            ["unit"] = unit,
            ["cores"] = Environment.ProcessorCount,
            ["rows"] = new JsonArray([.. _rows.Select(ToJson)]),
        }.ToJsonString(JsonSerializerOptions.Web);
        Console.WriteLine();
        Console.WriteLine(json);
        return json;
    }

    private static JsonObject ToJson((string Name, (string Column, double Value)[] Cells) row)
    {
        var json = new JsonObject { ["name"] = row.Name };
        foreach (var (column, value) in row.Cells)
        {
            json[column] = Math.Round(value, 3);
        }

        return json;
    }

    private static string Text(double value) =>
        value.ToString(value < 100 && !double.IsInteger(value) ? "0.00" : "0", CultureInfo.InvariantCulture);
}
