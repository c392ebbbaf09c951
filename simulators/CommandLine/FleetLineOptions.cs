using System.CommandLine;
using Twins.Simulators.Fleet;
using static Twins.Simulators.CommandLine.OptionValues;

namespace Twins.Simulators.CommandLine;

/// <summary>The options of every command that runs devices: how they connect and number, how long, and what is left of it.</summary>
internal sealed class FleetLineOptions
{
    private readonly Option<TimeSpan?> _duration = Make<TimeSpan?>(
        "--duration", "span", "How long: 500ms, 60s, 5min, 1h. Without it, until Ctrl-C or the end of the file.", ParseSpan);

    private readonly Option<Rate> _connectRate = Make(
        "--connect-rate", "rate", "How many devices start to connect per second.", ParseRate, Rate.FromPerSecond(200));

    private readonly Option<TimeSpan?> _acknowledge = Make<TimeSpan?>(
        "--ack-timeout", "span", "How long an acknowledgement may take before a device connects anew. [default: 30s]", ParseSpan);

    private readonly Option<TimeSpan?> _reconnect = Make<TimeSpan?>(
        "--max-backoff", "span", "The longest pause between attempts to connect, 1s at first. [default: 30s]", ParseSpan);

    private readonly Option<bool> _sequence = new("--sequence") { Description = "Number reported messages (epoch and seq), for brokers that reorder." };

    private readonly Option<TimeSpan?> _giveUp = Make<TimeSpan?>(
        "--give-up", "span|never", "End when no device could connect for so long after the start. [default: 30s]", ParseSpanOrNever);

    private readonly Option<string?> _ledger = Make<string?>(
        "--ledger", "file", "Note what is sent and what is acknowledged in this file, for verify.", Text);

    private readonly Option<string?> _report = Make<string?>(
        "--report", "file.html", "Write a page with charts when it is over.", Text);

    private readonly Option<bool> _json = new("--json") { Description = "Write the summary as JSON to standard output, and everything else to standard error." };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Show nothing while it runs." };

    /// <param name="command">Gets the options.</param>
    public FleetLineOptions(Command command)
    {
        foreach (var option in (Option[])[_duration, _connectRate, _acknowledge, _reconnect, _sequence, _giveUp, _ledger, _report, _json, _quiet])
        {
            command.Add(option);
        }

        command.Validators.Add(line =>
        {
            // At QoS 0 nothing is ever acknowledged, and a ledger would prove nothing.
            if (Given(line, _ledger) && command.Options.FirstOrDefault(static option => option.Name == "--qos") is Option<int> qos
                && Given(line, qos) && Value(line, qos) == 0)
            {
                line.AddError("--ledger makes no sense with --qos 0, where nothing is acknowledged; use --qos 1");
            }
        });
    }

    /// <summary>The options with what the line says of the devices.</summary>
    public FleetOptions Apply(ParseResult line, FleetOptions options) => options with
    {
        ConnectRate = line.GetValue(_connectRate),
        Sequence = line.GetValue(_sequence),
        AcknowledgeTimeout = line.GetValue(_acknowledge) ?? options.AcknowledgeTimeout,
        MaximumReconnectDelay = line.GetValue(_reconnect) ?? options.MaximumReconnectDelay,
        GiveUpAfter = line.GetValue(_giveUp) ?? TimeSpan.FromSeconds(30),
    };

    /// <summary>What is to be left of the run.</summary>
    public FleetOutcome Outcome(ParseResult line) => new()
    {
        Duration = line.GetValue(_duration),
        Ledger = line.GetValue(_ledger),
        Report = line.GetValue(_report),
        Json = line.GetValue(_json),
        Quiet = line.GetValue(_quiet),
    };
}
