using System.Globalization;

namespace Twins.Benchmarks.Rest;

/// <summary>How one twin is read.</summary>
/// <param name="Port">Of the server, on this machine.</param>
/// <param name="Connections">That are open at the same time; each sends the next request when it has the answer.</param>
/// <param name="Id">The twin.</param>
internal sealed record ReadPlan(int Port, int Connections, string Id)
{
    public static ReadPlan From(Options options) => new(options.Number("port", 0), options.Number("connections", 32), options.Text("id") ?? "bench:read");

    public IEnumerable<string> ToArguments() =>
        ["--port", Port.ToString(CultureInfo.InvariantCulture), "--connections", Connections.ToString(CultureInfo.InvariantCulture), "--id", Id];
}
