namespace Twins.Api.Hosting;

/// <summary>Writes whole addresses of this process, which a terminal makes links of.</summary>
internal static class OwnAddress
{
    /// <summary>Hosts that mean every address of the machine, which no browser can open.</summary>
    private static readonly string[] s_everywhere = ["//0.0.0.0", "//[::]", "//+", "//*"];

    /// <summary>Returns the address of a path, on the machine itself.</summary>
    /// <param name="urls">Where REST listens.</param>
    /// <param name="path">The path, with a slash in front.</param>
    public static string Of(IEnumerable<string> urls, string path)
    {
        var url = (urls.FirstOrDefault() ?? string.Empty).TrimEnd('/');
        var everywhere = Array.Find(s_everywhere, host => url.Contains(host, StringComparison.Ordinal));
        return (everywhere is null ? url : url.Replace(everywhere, "//localhost", StringComparison.Ordinal)) + path;
    }
}
