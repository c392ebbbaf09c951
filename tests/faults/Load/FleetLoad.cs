using System.Globalization;
using System.Text.Json.Nodes;

namespace Twins.Faults.Tests;

/// <summary>
/// The simulator's fleets of one round, with their ledgers: one at the gateways and, where there is a broker, half as
/// many behind it.
/// </summary>
internal sealed class FleetLoad : IAsyncDisposable
{
    /// <summary>What was acknowledged by the broker may take so long to its twin.</summary>
    private const string BehindBroker = "30s";

    private const string Program = "dotnet simulators/bin/Release/net10.0/Twins.Simulators.dll";

    private readonly TemporaryFolder _folder = new();
    private readonly List<Running> _fleets = [];
    private readonly Uri _rest;

    private FleetLoad(Uri rest) => _rest = rest;

    /// <summary>The twins of all devices.</summary>
    public IReadOnlyList<string> Ids => [.. _fleets.SelectMany(fleet => fleet.Ids)];

    /// <summary>How an operator would start the fleets, do something to the platform, and look what became of it.</summary>
    public IReadOnlyList<string> Commands(IEnumerable<string> between) =>
    [
        .. _fleets.Select(fleet => $"{Program} {string.Join(' ', fleet.Arguments)}"),
        .. between,
        .. _fleets.Select(fleet => $"{Program} verify {fleet.Ledger} --api {_rest}"),
    ];

    /// <summary>Starts the fleets and returns at once.</summary>
    public static FleetLoad Start(FaultPlatform platform, int devices)
    {
        var load = new FleetLoad(platform.Rest);
        var run = platform.NextRun();
        load.Add("gate", devices, run, platform.GatewayPort);
        if (platform.BrokerPort is { } port)
        {
            load.Add("link", Math.Max(1, devices / 2), run, port);
        }

        return load;
    }

    /// <summary>
    /// How many lines of the ledger of the devices behind the broker are in its file now: what is acknowledged in them was
    /// acknowledged before this was asked.
    /// </summary>
    public long LinesBehindBroker()
    {
        using var file = new FileStream(_fleets[^1].Ledger, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        long lines = 0;
        while (reader.ReadLine() is not null)
        {
            lines++;
        }

        // The last line may not be whole.
        return Math.Max(1, lines - 1);
    }

    /// <summary>Throws what a simulator has said, if one has ended.</summary>
    public void ThrowIfEnded()
    {
        foreach (var fleet in _fleets.Where(fleet => fleet.Simulator.HasExited))
        {
            throw new InvalidOperationException($"the simulator has ended: {fleet.Simulator.Errors}");
        }
    }

    /// <summary>Ends the fleets in good order and compares the twins with what was acknowledged.</summary>
    /// <param name="trustedLines">
    /// Behind the broker, only what was acknowledged in the ledger's first so many lines is a promise; what else is missing is
    /// counted as not saved. Null: all is.
    /// </param>
    public async Task<FleetEnd> Stop(long? trustedLines)
    {
        var ends = await Task.WhenAll(_fleets.Select(fleet => fleet.Simulator.Stop()));
        var total = new FleetEnd();
        for (var number = 0; number < ends.Length; number++)
        {
            var summary = Json(ends[number]);
            total = total with
            {
                Acknowledged = total.Acknowledged + (long)summary["ledger"]!["acknowledged"]!,
                Unacknowledged = total.Unacknowledged + (long)summary["unacknowledged"]!,
                CommandsRepeated = total.CommandsRepeated + (long)summary["commandsRepeated"]!,
            };
            var fleet = _fleets[number];
            if (fleet.BehindBroker && trustedLines is { } lines)
            {
                total = total.With(await Verify(fleet, "--wait", BehindBroker, "--trust", lines.ToString(CultureInfo.InvariantCulture)));
                total = total with { NotSaved = Damage(await Verify(fleet)) };
            }
            else
            {
                total = total.With(await Verify(fleet, "--wait", fleet.BehindBroker ? BehindBroker : "5s"));
            }
        }

        return total;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var fleet in _fleets)
        {
            await fleet.Simulator.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static int Damage(JsonNode report) => (int)report["lost"]! + (int)report["stale"]! + (int)report["wrong"]!;

    private static JsonNode Json(SimulatorEnd end) => end.Output.Length > 0
        ? end.Json
        : throw new InvalidOperationException($"the simulator ended with {end.Code.ToString(CultureInfo.InvariantCulture)}: {end.Errors}");

    private void Add(string space, int devices, int run, int port)
    {
        var file = _folder.In($"{space}.yaml");
        File.WriteAllText(file, FaultFleet.Yaml(space, devices, run));
        var ledger = _folder.In($"{space}.ledger");
        // Devices that notice soon that nobody answers, and do not wait long before they try again: the platform's time is to be measured, not theirs.
        string[] arguments =
        [
            "run", file, "--broker", $"mqtt://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}", "--ledger", ledger,
            "--ack-timeout", "3s", "--max-backoff", "2s", "--give-up", "never", "--json", "--quiet",
        ];
        _fleets.Add(new Running(space, devices, Simulator.Start(arguments), arguments, ledger));
    }

    private async Task<JsonNode> Verify(Running fleet, params string[] more) => Json(await Simulator.Verify(fleet.Ledger, _rest, more));

    private sealed record Running(string Space, int Devices, Simulator Simulator, string[] Arguments, string Ledger)
    {
        public bool BehindBroker => Space == "link";

        public IEnumerable<string> Ids => FaultFleet.Ids(Space, Devices);
    }
}
