namespace Twins.Silo.Hosting;

/// <summary>Says in a person's words what the configuration binder says in its own.</summary>
internal static class SettingProblems
{
    public static StartupRefusedException Of(InvalidOperationException exception, IConfigurationSection section) =>
        // What stands in quotes are the names and values; the words around them are the binder's.
        new(exception.Message.Split('\'').Where((_, index) => index % 2 == 1).ToArray() switch
        {
            ["ErrorOnUnknownConfiguration", .. var names] => string.Join(" ", Unknown(names, section)),
            [var value, var key, var type] => $"{key} is \"{value}\", which is not {InWords(type)}; see docs/settings.md",
            _ => exception.Message,
        }, exception);

    /// <summary>The binder names the last part of a key; the whole keys are looked up.</summary>
    private static IEnumerable<string> Unknown(string[] names, IConfigurationSection section)
    {
        var keys = section.AsEnumerable().Select(static entry => TwinsSettings.Unknown(entry.Key)).OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).ToArray();
        return (keys.Length > 0 ? keys : names).Select(static key => TwinsSettings.Find(key) is { } meant
            ? $"there is no setting {key}; did you mean {meant}?"
            : $"there is no setting {key}; correct the name, see docs/settings.md");
    }

    private static string InWords(string type) => (Type.GetType(type) ?? typeof(SettingProblems).Assembly.GetType(type)) switch
    {
        { IsEnum: true } choices => $"{string.Join(" or ", Enum.GetNames(choices))}",
        var other when other == typeof(bool) => "true or false",
        var other when other == typeof(TimeSpan) => "a time span such as 00:05:00 ([days.]hours:minutes:seconds)",
        _ => "a whole number",
    };
}
