using System.Globalization;

namespace Twins.Tests.Harness;

/// <summary>Tells which TCP ports a process listens on.</summary>
public static class OpenPorts
{
    private const string Listen = "0A";

    /// <summary>Returns the ports (proc(5), net/tcp).</summary>
    public static int[] Of(int process)
    {
        var own = Directory.EnumerateFiles($"/proc/{process}/fd")
            .Select(TargetOf)
            .Where(name => name.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(name => name[8..^1])
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. new[] { "tcp", "tcp6" }
                .SelectMany(table => File.ReadLines($"/proc/{process}/net/{table}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(columns => columns[3] == Listen && own.Contains(columns[9]))
                .Select(columns => int.Parse(columns[1][(columns[1].IndexOf(':', StringComparison.Ordinal) + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                .Distinct(),
        ];
    }

    private static string TargetOf(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name ?? "";
        }
        catch (FileNotFoundException)
        {
            // Closed since the folder was read.
            return "";
        }
    }
}
