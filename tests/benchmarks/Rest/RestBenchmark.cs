using System.Net;

namespace Twins.Benchmarks.Rest;

/// <summary>The read of one twin over REST, beside an ASP.NET Core route that answers the same bytes; both are measured in turn.</summary>
internal static class RestBenchmark
{
    private const int DefaultSeconds = 5;
    private const int DefaultRounds = 5;

    // The code that runs once a request is compiled, and compiled again when it is hot, within these.
    private const int WarmUpSeconds = 10;

    private const string Content = """{"model":"pump","tags":{"site":"rotterdam","line":"north"},"desired":{"setpoint":40,"motor":{"rpm":1450}}}""";

    public static async Task Run(Options options)
    {
        var plan = ReadPlan.From(options);
        var (seconds, rounds) = (options.Number("seconds", DefaultSeconds), options.Number("rounds", DefaultRounds));
        var report = new Report($"read of one twin over REST on {plan.Connections} connections", "answers, per second and ms");
        foreach (var store in options.Stores("embedded"))
        {
            await using var servers = await Servers.Launch(store);
            await servers.Twins.Ready();
            using var rest = new TwinsRest(servers.Twins.Url);
            Expect(await rest.Put($"/twins/{plan.Id}", Content), HttpStatusCode.Created);
            var document = await rest.Get($"/twins/{plan.Id}");
            Expect(document, HttpStatusCode.OK);

            var port = Loopback.FreePort();
            await using var bare = await SameBytes.Start(port, document.Text);
            var platform = await Subject.Open($"{store}", plan with { Port = servers.Twins.Url.Port }, servers.Twins.Id);
            await using var platformLoad = platform.Load;
            var route = await Subject.Open("bare route", plan with { Port = port }, bare.Id);
            await using var routeLoad = route.Load;
            await platform.Measure(WarmUpSeconds);
            await route.Measure(WarmUpSeconds);
            var pairs = new List<(Sample Platform, Sample Route)>();
            for (var round = 1; round <= rounds; round++)
            {
                pairs.Add((await platform.Measure(seconds), await route.Measure(seconds)));
                Console.WriteLine($"{store} {round}/{rounds}: {pairs[^1].Platform.Read.Rate:0}/s, bare route {pairs[^1].Route.Read.Rate:0}/s, ratio {pairs[^1].Platform.Read.Rate / pairs[^1].Route.Read.Rate:0.00}");
            }

            var ratio = Median(pairs.Select(pair => pair.Platform.Read.Rate / pair.Route.Read.Rate));
            var cpu = Median(pairs.Select(pair => pair.Platform.Microseconds / pair.Route.Microseconds));
            report.Add(platform.Name, Cells(pairs.Select(pair => pair.Platform), ratio, cpu));
            report.Add(route.Name, Cells(pairs.Select(pair => pair.Route), 1, 1));
        }

        report.Print(options);
    }

    private static (string Column, double Value)[] Cells(IEnumerable<Sample> samples, double ratio, double cpu) =>
    [
        ("per second", Median(samples.Select(sample => sample.Read.Rate))),
        ("ratio", ratio),
        ("cpu us", Median(samples.Select(sample => sample.Microseconds))),
        ("cpu ratio", cpu),
        ("p50 ms", Median(samples.Select(sample => sample.Read.P50))),
        ("p99 ms", Median(samples.Select(sample => sample.Read.P99))),
    ];

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static void Expect(RestAnswer answer, HttpStatusCode status)
    {
        if (answer.Status != status)
        {
            throw new InvalidOperationException($"the platform answered {answer.Status}: {answer.Text}");
        }
    }

    /// <param name="Read">What the readers saw.</param>
    /// <param name="Microseconds">CPU of the server for one answer.</param>
    private sealed record Sample(ReadResult Read, double Microseconds);

    private sealed record Subject(string Name, int Server, WorkerProcess Load)
    {
        public static async Task<Subject> Open(string name, ReadPlan plan, int server) =>
            new(name, server, await WorkerProcess.Start(ReadGenerator.Verb, plan.ToArguments()));

        public async Task<Sample> Measure(int seconds)
        {
            var before = ProcessUsage.Of(Server);
            var result = await Load.Ask<ReadResult>($"{seconds}");
            return new Sample(result, (ProcessUsage.Of(Server).CpuSeconds - before.CpuSeconds) * 1e6 / result.Reads);
        }
    }
}
