using System.CommandLine;
using System.CommandLine.Parsing;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using static Twins.Simulators.CommandLine.OptionValues;

namespace Twins.Simulators.CommandLine;

/// <summary>The options of every command that connects over MQTT.</summary>
internal sealed class BrokerOptions
{
    private readonly Option<BrokerAddress> _broker = Make(
        "--broker", "uri", "The broker or gateway: mqtt://host[:port], mqtts:// for TLS, ws:// or wss:// for WebSockets.", ParseBroker, BrokerAddress.Default);

    private readonly Option<int> _qos = Make(
        "--qos", "0|1|2", "The MQTT quality of service of what is published.", static (text, result) => ParseNumber(text, result, 0, 2), 1);

    private readonly Option<string> _protocol = Make("--protocol", "5|3.1.1", "The MQTT version.", ParseProtocol, "5");

    private readonly Option<string?> _username = Make<string?>("--username", "name", "The user name every connection presents.", Text, null, "-u");

    private readonly Option<string?> _password = Make<string?>("--password", "password", "Its password.", Text, null, "-P");

    private readonly Option<string?> _authority = Make<string?>("--ca", "file", "Trust only servers with a certificate signed by one of this PEM file.", Text);

    private readonly Option<string?> _certificate = Make<string?>("--cert", "file", "The certificate every connection presents (PEM).", Text);

    private readonly Option<string?> _key = Make<string?>("--key", "file", "Its private key (PEM). [default: in the file of --cert]", Text);

    /// <param name="command">Gets the options.</param>
    /// <param name="publishes">Whether it publishes: else there is no --qos.</param>
    public BrokerOptions(Command command, bool publishes = true)
    {
        foreach (var option in (Option[])[_broker, _protocol, _username, _password, _authority, _certificate, _key])
        {
            command.Add(option);
        }

        if (publishes)
        {
            command.Add(_qos);
        }

        command.Validators.Add(Validate);
    }

    /// <summary>The options with what the line says of the connection.</summary>
    public FleetOptions Apply(ParseResult line, FleetOptions options) => options with
    {
        Broker = line.GetRequiredValue(_broker),
        QualityOfService = line.GetValue(_qos) is var qos && line.CommandResult.Command.Options.Contains(_qos) ? qos : 1,
        Protocol = line.GetValue(_protocol) == "3.1.1" ? MqttProtocol.V311 : MqttProtocol.V5,
        Username = line.GetValue(_username),
        Password = line.GetValue(_password),
        CertificateAuthority = line.GetValue(_authority),
        ClientCertificate = line.GetValue(_certificate),
        ClientKey = line.GetValue(_key),
    };

    private void Validate(CommandResult line)
    {
        if (Given(line, _password) && !Given(line, _username))
        {
            line.AddError("--password without --username; give both");
        }

        if (Given(line, _key) && !Given(line, _certificate))
        {
            line.AddError("--key without --cert; give both");
        }

        foreach (var option in (Option[])[_authority, _certificate])
        {
            if (Given(line, option) && (Value(line, _broker) ?? BrokerAddress.Default) is { Tls: false } broker)
            {
                line.AddError($"{option.Name} only goes with TLS, and {broker} is none; write mqtts:// or wss://");
            }
        }
    }
}
