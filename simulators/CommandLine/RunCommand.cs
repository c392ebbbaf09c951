using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Twins.Simulators.Fleet;
using Twins.Simulators.Kinds;
using Twins.Simulators.Plans;
using Twins.Simulators.Views;
using static Twins.Simulators.CommandLine.OptionValues;

namespace Twins.Simulators.CommandLine;

/// <summary><c>run</c>: the devices of a fleet file, or so many of the library's kinds.</summary>
internal sealed class RunCommand : Command
{
    private readonly BrokerOptions _broker;
    private readonly FleetLineOptions _fleet;

    private readonly Argument<string?> _file = new("file")
    {
        Description = "A fleet file. Without it, devices of the kinds that come along.",
        HelpName = "file",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _devices = Make(
        "--devices", "count", "Without a file: how many devices.", static (text, result) => ParseNumber(text, result, 1, 1_000_000), 10, "-n");

    private readonly Option<Rate> _rate = Make(
        "--rate", "rate", "Without a file: how often each device reports, 1/s, 6/min, 0.1/s.", ParseRate, Rate.FromPerSecond(1));

    private readonly Option<string> _prefix = Make(
        "--prefix", "name", "Without a file: the namespace of the twin ids, {prefix}:{kind}-{n}.", ParsePrefix, "sim");

    private readonly Option<string[]?> _kinds = Make<string[]?>(
        "--kinds", "names", $"Without a file: which kinds of devices, dealt out in turn. [default: {string.Join(',', KindLibrary.All)}]", ParseKinds);

    private readonly Option<int> _gateway = Make(
        "--gateway", "count", "Without a file: how many devices share one connection, as behind a field gateway.", static (text, result) => ParseNumber(text, result, 1, 3_000), 1);

    private readonly Option<double?> _speed = Make<double?>(
        "--speed", "n", "How many times as fast as ours the fleet's clock runs: 1440 is a day in a minute. [default: the file's, else 1]", ParseTimes);

    private readonly Option<int?> _seed = Make<int?>(
        "--seed", "number", "The same seed gives the same values in the same order. [default: the file's, else a new one, named at the end]",
        static (text, result) => ParseNumber(text, result, int.MinValue, int.MaxValue));

    private readonly Option<Uri?> _api = Make<Uri?>(
        "--api", "url", "The platform's REST address, where the tags of twins are set.", ParseApi);

    public RunCommand(Surface surface)
        : base("run", "Runs a fleet of simulated devices: those of a fleet file, or of the kinds that come along.")
    {
        Add(_file);
        foreach (var option in (Option[])[_devices, _rate, _prefix, _kinds, _gateway, _speed, _seed, _api])
        {
            Add(option);
        }

        _broker = new BrokerOptions(this);
        _fleet = new FleetLineOptions(this);
        Validators.Add(Validate);
        SetAction((line, ended) => FleetRunner.RunAsync(Job(line), _fleet.Outcome(line), surface, ended));
    }

    private FleetJob Job(ParseResult line)
    {
        var file = line.GetValue(_file);
        var plan = file is null ? QuickPlan(line) : FleetFile.Load(file);
        plan = line.GetValue(_speed) is { } speed ? plan with { Speed = speed } : plan;
        var options = _fleet.Apply(line, _broker.Apply(line, new FleetOptions
        {
            Seed = line.GetValue(_seed) ?? plan.Seed ?? Random.Shared.Next(1_000_000),
            Api = line.GetValue(_api),
        }));
        return new FleetJob
        {
            Options = options,
            Plan = plan.Name,
            Title = Title(plan, file is null ? $" at {line.GetValue(_rate)}" : string.Empty, options),
            Seed = options.Seed,
            Duration = plan.Duration,
            Make = options => new SimulatedFleet(options, plan),
            Kinds = [.. plan.Kinds.Select(static kind => (kind.Name, kind.Count))],
            Repeat = Repeat(line, file, plan, options.Seed),
        };
    }

    private FleetPlan QuickPlan(ParseResult line)
    {
        var plan = KindLibrary.Plan(
            line.GetValue(_kinds) is { Length: > 0 } kinds ? kinds : KindLibrary.All,
            line.GetValue(_devices),
            line.GetValue(_rate).Interval,
            line.GetRequiredValue(_prefix));
        return plan with
        {
            Start = FleetFile.DefaultStart,
            Kinds = [.. plan.Kinds.Select(kind => kind with { DevicesPerConnection = line.GetValue(_gateway) })],
        };
    }

    private static string Title(FleetPlan plan, string rate, FleetOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"{plan.Name}: {Figures.Count(plan.Kinds.Sum(static kind => kind.Count))} devices{rate}{(plan.Speed == 1 ? "" : $", {plan.Speed:0.###} times as fast,")} on {options.Broker}");

    private string Repeat(ParseResult line, string? file, FleetPlan plan, int seed)
    {
        var fleet = file ?? string.Create(
            CultureInfo.InvariantCulture,
            $"--devices {line.GetValue(_devices)} --rate {line.GetValue(_rate)} --prefix {plan.Namespace} --kinds {string.Join(',', plan.Kinds.Select(static kind => kind.Name))}");
        var gateway = file is null && line.GetValue(_gateway) > 1 ? $" --gateway {line.GetValue(_gateway)}" : "";
        var speed = line.GetValue(_speed) is null ? "" : string.Create(CultureInfo.InvariantCulture, $" --speed {plan.Speed}");
        return string.Create(CultureInfo.InvariantCulture, $"run {fleet}{gateway}{speed} --seed {seed}");
    }

    private void Validate(CommandResult line)
    {
        if (line.GetResult(_file) is not { Tokens.Count: > 0 })
        {
            return;
        }

        foreach (var option in (Option[])[_devices, _rate, _prefix, _kinds, _gateway])
        {
            if (Given(line, option))
            {
                line.AddError($"{option.Name} makes no sense with a fleet file, which says it itself; leave it out, or change the file");
            }
        }
    }
}
