using System.Text.Json;
using Twins.Contracts.Json;

namespace Twins.Simulators.Replay;

/// <summary>The properties that a file has columns for, within one another as in the document.</summary>
internal sealed class ReplayTree
{
    private const int NoCell = -1;

    private readonly List<(string Name, ReplayTree Property)> _members = [];
    private int _cell = NoCell;

    /// <summary>Adds a property; false where there is one of that path.</summary>
    /// <param name="path">Its names, outermost first.</param>
    /// <param name="cell">Which cell of a row it has.</param>
    public bool TryAdd(ReadOnlySpan<string> path, int cell)
    {
        if (path.IsEmpty)
        {
            var isNew = _cell == NoCell;
            _cell = cell;
            return isNew;
        }

        var name = path[0];
        var at = _members.FindIndex(member => member.Name == name);
        if (at < 0)
        {
            at = _members.Count;
            _members.Add((name, new ReplayTree()));
        }

        return _members[at].Property.TryAdd(path[1..], cell);
    }

    /// <summary>The path of a property that has a value in this row and properties within it that have one; null: there is none.</summary>
    public string? Contradiction(string[] cells)
    {
        foreach (var (name, property) in _members)
        {
            if (property._cell != NoCell && cells[property._cell].Length > 0 && property._members.Exists(member => member.Property.HasValue(cells)))
            {
                return PropertyPath.Format([name]);
            }

            if (property.Contradiction(cells) is { } within)
            {
                return $"{PropertyPath.Format([name])}/{within}";
            }
        }

        return null;
    }

    /// <summary>Writes the properties of a row that have a value, as members of the current object.</summary>
    public void WriteMembers(Utf8JsonWriter writer, string[] cells)
    {
        foreach (var (name, property) in _members)
        {
            if (property._cell != NoCell && cells[property._cell].Length > 0)
            {
                writer.WritePropertyName(name);
                ReplayCell.Write(writer, cells[property._cell]);
            }
            else if (property.HasValue(cells))
            {
                writer.WriteStartObject(name);
                property.WriteMembers(writer, cells);
                writer.WriteEndObject();
            }
        }
    }

    private bool HasValue(string[] cells) =>
        (_cell != NoCell && cells[_cell].Length > 0) || _members.Exists(member => member.Property.HasValue(cells));
}
