using System.CommandLine;
using System.CommandLine.Parsing;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Replay;

namespace Twins.Simulators.CommandLine;

/// <summary>The options of <c>run</c>, and what they add up to.</summary>
internal sealed partial class RunCommand : Command
{
    private readonly Option<BrokerAddress> _broker = Option(
        "--broker", "uri", "The broker or gateway: mqtt://host[:port], or mqtts:// for TLS.", ParseBroker, BrokerAddress.Default);

    private readonly Option<int> _devices = Option(
        "--devices", "count", "How many devices, each with a connection of its own.", static (text, result) => ParseNumber(text, result, 1, 1_000_000), 10, "-n");

    private readonly Option<Rate> _rate = Option(
        "--rate", "rate", "How often each device reports: 1/s, 6/min, 0.1/s.", ParseRate, Rate.FromPerSecond(1));

    private readonly Option<TimeSpan?> _duration = Option<TimeSpan?>(
        "--duration", "span", "How long: 500ms, 60s, 5min, 1h. Without it, until Ctrl-C or the end of the file.", ParseSpan);

    private readonly Option<string> _prefix = Option(
        "--prefix", "name", "The namespace of the twin ids: {prefix}:{kind}-{n}.", ParsePrefix, "sim");

    private readonly Option<IReadOnlyList<string>?> _kinds = Option<IReadOnlyList<string>?>(
        "--kinds", "names", $"Which kinds of devices, dealt out in turn. [default: {string.Join(',', SimulatedFleet.Kinds)}]", ParseKinds);

    private readonly Option<int> _qos = Option(
        "--qos", "0|1|2", "The MQTT quality of service of what devices publish.", static (text, result) => ParseNumber(text, result, 0, 2), 1);

    private readonly Option<string> _protocol = Option("--protocol", "5|3.1.1", "The MQTT version.", ParseProtocol, "5");

    private readonly Option<string?> _username = Option<string?>("--username", "name", "The user name every device presents.", Text, null, "-u");

    private readonly Option<string?> _password = Option<string?>("--password", "password", "Its password.", Text, null, "-P");

    private readonly Option<int?> _seed = Option<int?>(
        "--seed", "number", "The same seed gives the same values in the same order. [default: a new one, named at the end]",
        static (text, result) => ParseNumber(text, result, int.MinValue, int.MaxValue));

    private readonly Option<Rate> _connectRate = Option(
        "--connect-rate", "rate", "How many devices start to connect per second.", ParseRate, Rate.FromPerSecond(200));

    private readonly Option<bool> _sequence = new("--sequence") { Description = "Number reported messages (epoch and seq), for brokers that reorder." };

    private readonly Option<TimeSpan?> _giveUp = Option<TimeSpan?>(
        "--give-up", "span|never", "End when no device could connect for so long after the start. [default: 30s]", ParseSpanOrNever);

    private readonly Option<string?> _replay = Option<string?>(
        "--replay", "file", "Play the readings of a CSV file (time,device,…) instead of making them up.", Text);

    private readonly Option<double> _speed = Option(
        "--speed", "n|max", "How many times faster than recorded; max: as fast as acknowledged.", ParseSpeed, 1);

    private readonly Option<string?> _device = Option<string?>("--device", "name", "The device of a file without a device column.", Text);

    private readonly Option<bool> _timestamps = new("--timestamps") { Description = "Send the recorded times along (ts)." };

    private readonly Option<bool> _json = new("--json") { Description = "Write the summary as JSON to standard output, and everything else to standard error." };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Show nothing while it runs." };

    public RunCommand()
        : base("run", "Runs a fleet of simulated devices, or plays recorded readings.")
    {
        foreach (var option in (Option[])[
            _broker, _devices, _rate, _duration, _prefix, _kinds, _qos, _protocol, _username, _password, _seed,
            _connectRate, _sequence, _giveUp, _replay, _speed, _device, _timestamps, _json, _quiet])
        {
            Add(option);
        }

        Validators.Add(Validate);
    }

    /// <summary>What a command line without errors asks for.</summary>
    public RunRequest Request(ParseResult line)
    {
        var prefix = line.GetRequiredValue(_prefix);
        var replay = line.GetValue(_replay);
        return new RunRequest
        {
            Duration = line.GetValue(_duration),
            Json = line.GetValue(_json),
            Quiet = line.GetValue(_quiet),
            Devices = line.GetValue(_devices),
            Rate = line.GetValue(_rate),
            Prefix = prefix,
            Kinds = line.GetValue(_kinds) ?? SimulatedFleet.Kinds,
            Replay = replay is null ? null : new ReplayOptions(replay)
            {
                Device = line.GetValue(_device),
                Prefix = prefix,
                Speed = line.GetValue(_speed) is var speed && double.IsFinite(speed) ? speed : null,
                Timestamps = line.GetValue(_timestamps),
            },
            Fleet = new FleetOptions
            {
                Broker = line.GetRequiredValue(_broker),
                QualityOfService = line.GetValue(_qos),
                Protocol = line.GetValue(_protocol) == "3.1.1" ? MqttProtocol.V311 : MqttProtocol.V5,
                Username = line.GetValue(_username),
                Password = line.GetValue(_password),
                Seed = line.GetValue(_seed) ?? Random.Shared.Next(1_000_000),
                ConnectRate = line.GetValue(_connectRate),
                Sequence = line.GetValue(_sequence),
                GiveUpAfter = line.GetValue(_giveUp) ?? TimeSpan.FromSeconds(30),
            },
        };
    }

    private void Validate(CommandResult line)
    {
        if (Given(line, _password) && !Given(line, _username))
        {
            line.AddError("--password without --username; give both");
        }

        var replay = Given(line, _replay);
        foreach (var option in replay ? (Option[])[_devices, _rate, _kinds, _seed] : [_speed, _device, _timestamps])
        {
            if (Given(line, option))
            {
                line.AddError(replay
                    ? $"{option.Name} makes no sense with --replay, which takes everything from the file; leave it out"
                    : $"{option.Name} only goes with --replay FILE");
            }
        }
    }

    private static bool Given(CommandResult line, Option option) => line.GetResult(option) is { Implicit: false };
}
