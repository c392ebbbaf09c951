using System.Collections;
using System.Reflection;
using Twins.Contracts;

namespace Twins.Silo.Hosting;

/// <summary>The names of all settings under <c>Twins:</c>, to suggest the right one.</summary>
internal static class TwinsSettings
{
    /// <summary>Returns the first part of a key that is no setting, as a whole key; null if all of it is known.</summary>
    /// <param name="key">A key that starts with <c>Twins:</c>.</param>
    public static string? Unknown(string key)
    {
        var parts = key.Split(':');
        var type = typeof(TwinsOptions);
        for (var i = 1; i < parts.Length; i++)
        {
            if (Element(type) is { } element)
            {
                type = element;
                continue;
            }

            if (!IsGroup(type))
            {
                return null;
            }

            if (Members(type).FirstOrDefault(member => member.Name.Equals(parts[i], StringComparison.OrdinalIgnoreCase)) is not { } member)
            {
                return string.Join(':', parts[..(i + 1)]);
            }

            type = member.PropertyType;
        }

        return null;
    }

    /// <summary>Returns the setting that was probably meant: one with a similar name beside it, or one of that name elsewhere.</summary>
    /// <param name="key">A key that is no setting, with or without <c>Twins:</c>.</param>
    public static string? Find(string key)
    {
        var colon = key.LastIndexOf(':');
        var (parent, name) = (colon < 0 ? string.Empty : key[..colon], key[(colon + 1)..]);
        var all = All(typeof(TwinsOptions), TwinsOptions.Section).ToArray();
        if (Suggestion.For(name, all.Where(setting => ParentOf(setting).Equals(parent, StringComparison.OrdinalIgnoreCase)).Select(NameOf)) is { } beside)
        {
            return $"{parent}:{beside}";
        }

        // The deepest one has the fewest that are called the same; "Port" alone means nothing.
        var elsewhere = all.Where(setting => setting.EndsWith(":" + key, StringComparison.OrdinalIgnoreCase)
            || NameOf(setting).Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        var whole = Array.Find(elsewhere, setting => setting.EndsWith(":" + key, StringComparison.OrdinalIgnoreCase));
        return whole ?? (elsewhere.Length == 1 ? elsewhere[0] : null);
    }

    private static IEnumerable<string> All(Type type, string key) => Members(type).SelectMany(member => Under(member.PropertyType, $"{key}:{member.Name}"));

    private static IEnumerable<string> Under(Type type, string key) =>
        Element(type) is { } element ? [key, .. Under(element, key + ":0").Skip(1)]
            : IsGroup(type) ? [key, .. All(type, key)]
            : [key];

    private static PropertyInfo[] Members(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>The type of a list's entries; null if it is no list.</summary>
    private static Type? Element(Type type) => type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments().Single() : null;

    private static bool IsGroup(Type type) => type.IsClass && type.Namespace == typeof(TwinsOptions).Namespace;

    private static string ParentOf(string key) => key[..key.LastIndexOf(':')];

    private static string NameOf(string key) => key[(key.LastIndexOf(':') + 1)..];
}
