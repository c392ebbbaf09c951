using System.Globalization;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Fleet;

/// <summary>Who watches what: each a site and a temperature of its own. One more has no filter and sees all.</summary>
/// <param name="Port">Of REST.</param>
/// <param name="Watchers">Those with a filter.</param>
internal sealed record WatchPlan(int Port, int Watchers)
{
    // Between two temperatures that are reported, so that greater is never equal; half of all temperatures.
    private const int LowestTenths = 200;
    private const int Thresholds = 500;

    /// <summary>The plan that the command line asks for.</summary>
    public static WatchPlan From(Options options) => new(options.Number("port", 0), options.Number("watchers", 1_000));

    /// <summary>As a command line.</summary>
    public IEnumerable<string> ToArguments() => ["--port", $"{Port}", "--watchers", $"{Watchers}"];

    /// <summary>The site that a watcher watches.</summary>
    public static int SiteOf(int watcher) => watcher % FleetPayload.Sites;

    /// <summary>What it wants to be exceeded, in tenths.</summary>
    public static int TenthsOf(int watcher) => LowestTenths + (((watcher * 7) + (watcher / FleetPayload.Sites * 13)) % Thresholds);

    /// <summary>Its filter.</summary>
    public static string FilterOf(int watcher)
    {
        var tenths = TenthsOf(watcher);
        return string.Create(CultureInfo.InvariantCulture, $"and(eq(reported/site,\"s{SiteOf(watcher):000}\"),gt(reported/temp,{tenths / 10}.{tenths % 10}5))");
    }

    /// <summary>For each site the temperatures of its watchers, the least first.</summary>
    public int[][] TenthsBySite()
    {
        var sites = Enumerable.Range(0, Watchers).ToLookup(SiteOf, TenthsOf);
        return [.. Enumerable.Range(0, FleetPayload.Sites).Select(site => sites[site].Order().ToArray())];
    }
}
