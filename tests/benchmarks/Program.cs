using Twins.Benchmarks;
using Twins.Benchmarks.Baseline;
using Twins.Benchmarks.Cluster;
using Twins.Benchmarks.Fairness;
using Twins.Benchmarks.Fleet;
using Twins.Benchmarks.Growth;
using Twins.Benchmarks.Growth.Simulation;
using Twins.Benchmarks.HotSpots;
using Twins.Benchmarks.Ingest;
using Twins.Benchmarks.Latency;
using Twins.Benchmarks.Load;
using Twins.Benchmarks.Memory;
using Twins.Benchmarks.Rest;
using Twins.Benchmarks.Scale;
using Twins.Benchmarks.Startup;
using Twins.Benchmarks.Storage;

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

      ingest     Updates a second that become durable, and the CPU that one costs; through the gateway beside an MQTTnet
                 server whose handler does nothing, or through a Mosquitto until the last is stored.
                   --store embedded|redis|both   (both)
                   --link gateway|broker         (gateway)
                   --devices N                   (10000)
                   --connections N               (1000)
                   --inflight N                  (1) unacknowledged messages of one connection
                   --qos 0|1|2                   (1)
                   --payload BYTES               (65) of the merge patch
                   --content plain|fleet         (plain) of the merge patch; fleet is what a machine at one of 1,000 sites reports
                   --mqtt 3.1.1|5                (5)
                   --seconds N                   (15) gateway
                   --messages N                  (10) of each device in a round, broker
                   --rounds N                    (5) broker; those that are compared take turns
      ingest-peer
                 The broker link on Redis beside a bridge written by hand, in Node.js; options as for --link broker.
      rest       GET of one twin, beside an ASP.NET Core route that answers the same bytes; measured in turn.
                   --store embedded|redis|both   (embedded)
                   --connections N               (32) each sends the next request when it has the answer
                   --rounds N                    (5)
                   --seconds N                   (5) of a round
      fairness   Publish to PUBACK of a device that sends now and then, alone and beside one that sends at full speed; the
                 same on an MQTTnet server whose handler does nothing.
                   --store embedded|redis|both   (both)
                   --interval MS                 (5) between two messages of the quiet device
                   --loud N                      (1) devices at full speed, each on a connection of its own
                   --inflight N                  (256) unacknowledged messages of a loud one
                   --seconds N                   (15)
                   --qos, --payload, --mqtt      of the loud ones, as for ingest
      memory     What a twin takes in memory, with a document of 300 bytes.
                   --store embedded|redis|both   (both)
                   --twins N                     (50000)
                   --connections N               (1000)
                   --payload BYTES               (300)
                   --index on|off                (on) the fleet index
      scale      Ingest through the gateway with 1,000, 10,000, … twins in memory, beside itself with 1,000.
                   --store embedded|redis|both   (redis)
                   --twins N                     (1000000) up to
                   --seconds N                   (15) for each
                   --svg FILE                    a chart of it
                   --connections, --inflight, --qos, --payload, --mqtt   as for ingest
      cluster    CPU for an update in a cluster of silos on this machine, beside one process; on Redis, measured in turn.
                   --silos N                     (3)
                   --devices N                   (10000)
                   --rounds N                    (5)
                   --seconds N                   (10) of a round
                   --connections, --inflight, --qos, --payload, --mqtt   as for ingest, of all gateways together
      hotspots   What the rest of a cluster sees beside one twin that is written often, a namespace of very many twins, and a storm
                 of devices that connect again at once; on Redis.
                   --silos N                     (3)
                   --rate N                      (5000) messages a second of the hot spot
                   --twins N                     (200000) of the namespace
                   --storm N                     (20000) devices that connect again
                   --seconds N                   (15) for each
      growth     What more silos cost: CPU, memory and store of a cluster that nobody uses, and of one with the same load on ever more.
                   --silos N,N,…                 (1,2,3,6,10)
                   --rate N                      (2000) messages a second of all together
                   --devices N                   (3000)
                   --seconds N                   (15) for each

      queries    Questions to a large fleet over REST, beside the read of one twin; and what its index takes in memory.
                   --store embedded|redis|both   (redis)
                   --twins N                     (1000000)
                   --runs N                      (30) of each question, in turn
                   --connections, --inflight, --qos, --mqtt   of those that make the twins, as for ingest
      index      Ingest with and without the fleet index, in turn; then how far the index is behind at a steady rate.
                   --store embedded|redis|both   (redis)
                   --devices N                   (10000)
                   --rounds N                    (3)
                   --seconds N                   (10) of a round, and at the steady rate
                   --rate N                      (10000) messages a second, steady
                   --content plain|fleet         (fleet)
                   --connections, --inflight, --qos, --payload, --mqtt   as for ingest
      watchers   Live events to many, each with a filter: publish to event, whether all come that one without a filter sees, and what it costs.
                   --store embedded|redis|both   (redis)
                   --watchers N                  (1000)
                   --devices N                   (10000)
                   --rate N                      (2000) updates a second of all together
                   --seconds N                   (20)
                   --connections, --inflight, --qos, --mqtt   as for ingest

      simulate   Clusters of up to 100 silos and 100 million twins, simulated from what the others measured; one of the silos dies.
                   --seconds N                   (14) simulated, at half of which a silo dies

      store      Durable updates of the embedded store alone: how many a second, CPU and bytes written for each.
                   --pages N,N,…                 (1024,2048,4096) page sizes, in bytes
                   --callers N,N,…               (1,16,64,512) that wait for one update each
                   --keys N                      (10000)
                   --bytes N                     (700) of an update
                   --seconds N                   (5)

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
        case "ingest":
            await IngestBenchmark.Run(options);
            return 0;
        case BrokerBenchmark.PeerVerb:
            await BrokerBenchmark.RunPeer(options);
            return 0;
        case "rest":
            await RestBenchmark.Run(options);
            return 0;
        case "fairness":
            await FairnessBenchmark.Run(options);
            return 0;
        case "memory":
            await MemoryBenchmark.Run(options);
            return 0;
        case "scale":
            await ScaleBenchmark.Run(options);
            return 0;
        case ClusterBenchmark.Verb:
            await ClusterBenchmark.Run(options);
            return 0;
        case GrowthBenchmark.Verb:
            await GrowthBenchmark.Run(options);
            return 0;
        case SimulateCommand.Verb:
            SimulateCommand.Run(options);
            return 0;
        case HotSpotsBenchmark.Verb:
            await HotSpotsBenchmark.Run(options);
            return 0;
        case StoreBenchmark.Verb:
            await StoreBenchmark.Run(options);
            return 0;
        case "queries":
            await QueriesBenchmark.Run(options);
            return 0;
        case "index":
            await IndexBenchmark.Run(options);
            return 0;
        case "watchers":
            await WatchersBenchmark.Run(options);
            return 0;
        case WatchGenerator.Verb:
            await WatchGenerator.Serve(options);
            return 0;
        case LoadGenerator.Verb:
            await LoadGenerator.Serve(options);
            return 0;
        case ReadGenerator.Verb:
            await ReadGenerator.Serve(options);
            return 0;
        case SameBytes.Verb:
            await SameBytes.Serve(options);
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
