using Twins.Benchmarks;
using Twins.Benchmarks.Baseline;
using Twins.Benchmarks.Latency;
using Twins.Benchmarks.Startup;

const string Usage = """
    Measures the platform as it is built; each number beside its baseline from the same run.

      dotnet run -c Release --project tests/benchmarks -- VERB [options]

      startup    From process start to the first accepted message, on an empty store.
                   --store embedded|redis   (embedded)
                   --runs N                 (10)
      latency    Publish to PUBACK, and publish to visible over REST, one message at a time through the gateway;
                 beside it publish to PUBACK of an MQTTnet server whose handler does nothing.
                   --store embedded|redis|both   (both)
                   --messages N                  (2000)

    Each prints a table, and the same numbers as one line of JSON; --json FILE writes that line to a file as well.
    """;

try
{
    var options = Options.Parse(args.Skip(1));
    switch (args.FirstOrDefault())
    {
        case "startup":
            await StartupBenchmark.Run(options);
            return 0;
        case "latency":
            await LatencyBenchmark.Run(options);
            return 0;
        case DoingNothing.Verb:
            await DoingNothing.Serve(options);
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (OptionException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
