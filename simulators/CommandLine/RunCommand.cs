using System.CommandLine;
using Twins.Simulators.Devices;
using Twins.Simulators.Fleet;
using Twins.Simulators.Views;
using static Twins.Simulators.CommandLine.OptionValues;

namespace Twins.Simulators.CommandLine;

/// <summary><c>run</c>: a fleet of made-up devices.</summary>
internal sealed class RunCommand : Command
{
    private readonly BrokerOptions _broker;
    private readonly FleetLineOptions _fleet;

    private readonly Option<int> _devices = Make(
        "--devices", "count", "How many devices, each with a connection of its own.", static (text, result) => ParseNumber(text, result, 1, 1_000_000), 10, "-n");

    private readonly Option<Rate> _rate = Make(
        "--rate", "rate", "How often each device reports: 1/s, 6/min, 0.1/s.", ParseRate, Rate.FromPerSecond(1));

    private readonly Option<string> _prefix = Make(
        "--prefix", "name", "The namespace of the twin ids: {prefix}:{kind}-{n}.", ParsePrefix, "sim");

    private readonly Option<IReadOnlyList<DeviceKind>?> _kinds = Make<IReadOnlyList<DeviceKind>?>(
        "--kinds", "names", $"Which kinds of devices, dealt out in turn. [default: {string.Join(',', DeviceKind.All)}]", ParseKinds);

    private readonly Option<int?> _seed = Make<int?>(
        "--seed", "number", "The same seed gives the same values in the same order. [default: a new one, named at the end]",
        static (text, result) => ParseNumber(text, result, int.MinValue, int.MaxValue));

    private readonly Option<Uri?> _api = Make<Uri?>(
        "--api", "url", "The platform's REST address, where the tags of twins are set.", ParseApi);

    public RunCommand(Surface surface)
        : base("run", "Runs a fleet of simulated devices.")
    {
        foreach (var option in (Option[])[_devices, _rate, _prefix, _kinds, _seed, _api])
        {
            Add(option);
        }

        _broker = new BrokerOptions(this);
        _fleet = new FleetLineOptions(this);
        SetAction((line, ended) => FleetRunner.RunAsync(Job(line), _fleet.Outcome(line), surface, ended));
    }

    private FleetJob Job(ParseResult line)
    {
        var options = _fleet.Apply(line, _broker.Apply(line, new FleetOptions
        {
            Devices = line.GetValue(_devices),
            Rate = line.GetValue(_rate),
            Prefix = line.GetRequiredValue(_prefix),
            Kinds = line.GetValue(_kinds) ?? DeviceKind.All,
            Seed = line.GetValue(_seed) ?? Random.Shared.Next(1_000_000),
            Api = line.GetValue(_api),
        }));
        return new FleetJob
        {
            Options = options,
            Plan = string.Join(',', options.Kinds),
            Title = $"{Figures.Count(options.Devices)} devices at {options.Rate} on {options.Broker}",
            Seed = options.Seed,
            Make = static options => new SimulatedFleet(options),
            Kinds = [.. options.Kinds.Select((kind, index) =>
                (kind.Name, (options.Devices - index + options.Kinds.Count - 1) / options.Kinds.Count))],
            Repeat = $"run --devices {options.Devices} --rate {options.Rate} --prefix {options.Prefix} --kinds {string.Join(',', options.Kinds)} --seed {options.Seed}",
        };
    }
}
