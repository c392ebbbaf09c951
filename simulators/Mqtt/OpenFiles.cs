using System.Globalization;

namespace Twins.Simulators.Mqtt;

/// <summary>How many sockets this process may have. On Unix .NET raises its own limit to the hard one when it starts.</summary>
internal static class OpenFiles
{
    // Assemblies, pipes, the terminal, the files of a run, and what the runtime keeps for itself.
    private const int Others = 250;

    /// <summary>What stands in the way of so many connections, in one sentence; null: nothing that is known here.</summary>
    public static string? Objection(int connections)
    {
        // Linux only; elsewhere the first socket too many says it.
        const string Limits = "/proc/self/limits";
        return File.Exists(Limits) ? Objection(connections, File.ReadLines(Limits)) : null;
    }

    internal static string? Objection(int connections, IEnumerable<string> limits)
    {
        const string Name = "Max open files";
        var line = limits.FirstOrDefault(static line => line.StartsWith(Name, StringComparison.Ordinal));
        var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit < connections + Others
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{connections:N0} connections need {connections + Others:N0} open files and this process may have {limit:N0}; raise the limit (ulimit -n), or run fewer devices")
            : null;
    }
}
