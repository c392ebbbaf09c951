using Twins.Contracts;

namespace Twins.Silo.Hosting;

/// <summary>
/// The command line of a host: its usage, and a check that refuses arguments that .NET configuration would ignore.
/// </summary>
/// <param name="program">The name of the program.</param>
/// <param name="what">What it is, in one sentence.</param>
/// <param name="listens">What listens at <c>urls</c>, and where by default.</param>
/// <param name="switches">Switches of this program, each with its meaning.</param>
public sealed class HostCommandLine(string program, string what, string listens, params (string Name, string Meaning)[] switches)
{
    private const string Urls = "urls";

    /// <summary>Settings of ASP.NET Core and .NET that have an effect here, besides sections.</summary>
    private static readonly string[] s_settings =
        [Urls, "AllowedHosts", "environment", "contentRoot", "applicationName", "webroot", "detailedErrors", "shutdownTimeoutSeconds", "hostBuilder:reloadConfigOnChange"];

    /// <summary>Sections, of which <see cref="TwinsOptions.Section"/> is checked in full when it is bound.</summary>
    private static readonly string[] s_sections = [TwinsOptions.Section, "Logging", "Kestrel", "Orleans", "Metrics"];

    /// <summary>What people try, and the setting that does it.</summary>
    private static readonly (string Tried, string Instead)[] s_habits =
    [
        ("port", "--urls http://127.0.0.1:9000 for REST, or --Twins:Mqtt:Gateway:Port 1884 for MQTT"),
        ("host", "--urls http://127.0.0.1:9000"),
        ("http_ports", "--urls http://127.0.0.1:9000"),
        ("https_ports", "--urls https://127.0.0.1:9443"),
        ("redis", "--Twins:Store:Redis 127.0.0.1:6379"),
        ("data", "--Twins:Store:DataDirectory data"),
    ];

    private static readonly (string Name, string Meaning)[] s_shared =
    [
        (StoreCommandLine.RecoverSwitch, "recover a damaged embedded store, then start"),
        ("--help", "print this text (also -h)"),
    ];

    private (string Name, string Meaning)[] Switches => [.. switches, .. s_shared];

    /// <summary>Gets the usage.</summary>
    public string Usage
    {
        get
        {
            var lines = new List<(string Name, string Meaning)>(Switches);
            lines.Insert(switches.Length, ("--urls ADDRESSES", listens));
            lines.Insert(switches.Length + 1, ("--Twins:NAME VALUE", "a setting, for example --Twins:Mqtt:Gateway:Port 1884"));
            return $"""
                {what}

                Usage: {program} [OPTIONS]          start
                       {program} backup FILE        copy the embedded store to a file, also while it is in use
                       {program} restore FILE       put a backup in the place of the embedded store

                Options:
                {string.Join('\n', lines.Select(static line => $"  {line.Name,-20} {line.Meaning}"))}

                Behind "dotnet run --project …" options come after "--". docs/settings.md lists all settings.
                """;
        }
    }

    /// <summary>Returns whether the usage is asked for.</summary>
    /// <param name="args">The arguments.</param>
    public static bool AsksForUsage(string[] args) => Array.Exists(args, static arg => arg is "--help" or "-h" or "-?" or "/?") || args is ["help"];

    /// <summary>Refuses what is neither a switch nor a setting.</summary>
    /// <param name="args">The arguments without the switches and commands that were understood.</param>
    /// <exception cref="StartupRefusedException">An argument has no meaning, or a setting has no value.</exception>
    public void Check(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var dashes = args[i].StartsWith("--", StringComparison.Ordinal) ? 2 : args[i].StartsWith('/') ? 1 : 0;
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = args[i][dashes..(equals < 0 ? args[i].Length : equals)];
            if (equals < 0 && dashes == 0)
            {
                throw Unknown(args[i], name.TrimStart('-'));
            }

            if (!IsSetting(name))
            {
                throw Unknown(args[i], name);
            }

            // The next argument is the value, also if it begins with a single dash: a negative number does.
            if (equals < 0 && (++i == args.Count || args[i].StartsWith("--", StringComparison.Ordinal)))
            {
                throw new StartupRefusedException($"argument --{name} has no value; write --{name} VALUE, or see --help.");
            }
        }
    }

    private static bool IsSetting(string name) =>
        s_settings.Contains(name, StringComparer.OrdinalIgnoreCase)
        || name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase)
        || s_sections.Contains(name.Split(':')[0], StringComparer.OrdinalIgnoreCase);

    private StartupRefusedException Unknown(string argument, string name)
    {
        var shown = argument.Length <= 60 ? argument : string.Concat(argument.AsSpan(0, 60), "…");
        return new StartupRefusedException($"argument \"{shown}\" is unknown; {Instead(name)}");
    }

    private string Instead(string name)
    {
        if (s_habits.FirstOrDefault(habit => habit.Tried.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Tried: not null } habit)
        {
            return $"write {habit.Instead}.";
        }

        // "Twin:Mqtt:Gateway:Port" and "Mqtt:Gateway:Port": the section is wrong or missing, and the rest says what is meant.
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var meant = colon > 0
            ? TwinsSettings.Find(name) is { } setting ? "--" + setting
                : Suggestion.For(name[..colon], s_sections) is { } section ? $"--{section}{name[colon..]}" : null
            : Suggestion.For(name, [.. Switches.Select(static one => one.Name[2..]), .. s_settings, "backup", "restore"]) is { } word
                ? word is "backup" or "restore" ? $"{word} FILE" : "--" + word
                : null;
        return meant is null ? "--help lists what there is." : $"did you mean {meant}?";
    }
}
