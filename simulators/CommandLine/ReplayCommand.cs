using System.CommandLine;
using System.Globalization;
using Twins.Simulators.Fleet;
using Twins.Simulators.Replay;
using Twins.Simulators.Views;
using static Twins.Simulators.CommandLine.OptionValues;

namespace Twins.Simulators.CommandLine;

/// <summary><c>replay</c>: the devices of a file, playing back what was recorded.</summary>
internal sealed class ReplayCommand : Command
{
    private readonly BrokerOptions _broker;
    private readonly FleetLineOptions _fleet;

    private readonly Argument<string> _file = new("file") { Description = "A CSV file: a column time (or timestamp), a column device, and one for each property." };

    private readonly Option<double> _speed = Make(
        "--speed", "n|max", "How many times faster than recorded; max: as fast as acknowledged.", ParseSpeed, 1);

    private readonly Option<DateTimeOffset?> _from = Make<DateTimeOffset?>("--from", "time", "Leave out what was recorded before.", ParseTime);

    private readonly Option<DateTimeOffset?> _to = Make<DateTimeOffset?>("--to", "time", "Leave out what was recorded then and later.", ParseTime);

    private readonly Option<bool> _loop = new("--loop") { Description = "Begin again at the end, until --duration or Ctrl-C." };

    private readonly Option<string[]> _columns = new("--column")
    {
        Description = "A column by another name: value=temperature, or value=motor/rpm for a property within another. May be given again.",
        HelpName = "name=property",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _device = Make<string?>("--device", "name", "The device of a file without a device column.", Text);

    private readonly Option<string> _prefix = Make(
        "--prefix", "name", "The namespace of the twin ids: {prefix}:{device}; \"\" for none.", ParsePrefixOrNone, "sim");

    private readonly Option<bool> _timestamps = new("--timestamps") { Description = "Send the recorded times along (ts)." };

    public ReplayCommand(Surface surface)
        : base("replay", "Plays recorded readings of devices.")
    {
        Add(_file);
        foreach (var option in (Option[])[_speed, _from, _to, _loop, _columns, _device, _prefix, _timestamps])
        {
            Add(option);
        }

        _broker = new BrokerOptions(this);
        _fleet = new FleetLineOptions(this);
        Validators.Add(line =>
        {
            foreach (var rename in Value(line, _columns) ?? [])
            {
                if (rename.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var at) || at == rename.Length - 1)
                {
                    line.AddError($"--column \"{rename}\" is not name=property; write for example value=temperature");
                }
            }

            if (Value(line, _from) is { } from && Value(line, _to) is { } to && from >= to)
            {
                line.AddError("--from is not before --to; nothing is left to play");
            }

            if (Value(line, _loop) && Value(line, _timestamps))
            {
                line.AddError("--loop makes no sense with --timestamps, because the times of the second round are older; leave one out");
            }
        });
        SetAction((line, ended) => RunAsync(line, surface, ended));
    }

    private Task<int> RunAsync(ParseResult line, Surface surface, CancellationToken ended)
    {
        var replay = Replay(line);
        var file = ReplayFile.Check(replay);
        var options = _fleet.Apply(line, _broker.Apply(line, new FleetOptions()));
        var name = Path.GetFileName(replay.File);
        var speed = replay.Speed is { } times ? string.Create(CultureInfo.InvariantCulture, $"{times} times as fast") : "as fast as acknowledged";
        var job = new FleetJob
        {
            Options = options,
            Plan = name,
            Title = $"{name} {speed} on {options.Broker}",
            Make = options => new ReplayFleet(options, file),
            Replay = fleet => ((ReplayFleet)fleet).Progress,
            Kinds = [(name, file.DeviceIds.Count)],
            Repeat = $"replay {name} --speed {(replay.Speed is { } n ? n.ToString(CultureInfo.InvariantCulture) : "max")} --prefix {replay.Prefix}",
        };
        return FleetRunner.RunAsync(job, _fleet.Outcome(line), surface, ended);
    }

    private ReplayOptions Replay(ParseResult line) => new(line.GetRequiredValue(_file))
    {
        Device = line.GetValue(_device),
        Prefix = line.GetRequiredValue(_prefix),
        Speed = line.GetValue(_speed) is var speed && double.IsFinite(speed) ? speed : null,
        Timestamps = line.GetValue(_timestamps),
        From = line.GetValue(_from),
        To = line.GetValue(_to),
        Loop = line.GetValue(_loop),
        Columns = (line.GetValue(_columns) ?? []).Select(static rename => rename.Split('=', 2))
            .GroupBy(static pair => pair[0], StringComparer.Ordinal)
            .ToDictionary(static pairs => pairs.Key, static pairs => pairs.Last()[1], StringComparer.Ordinal),
    };
}
