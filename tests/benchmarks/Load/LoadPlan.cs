using System.Globalization;

namespace Twins.Benchmarks.Load;

/// <summary>Who publishes what, and to whom.</summary>
/// <param name="Port">Of the gateway or the broker.</param>
/// <param name="Connections">TCP connections; devices are dealt out to them in turn.</param>
/// <param name="InFlight">Messages that one connection has unacknowledged.</param>
/// <param name="Qos">0, 1 or 2.</param>
/// <param name="PayloadBytes">Bytes of the merge patch.</param>
/// <param name="IsMqtt5">MQTT 5 rather than 3.1.1.</param>
/// <param name="Content">What the merge patch is about; all but the plain one have a length of their own.</param>
internal sealed record LoadPlan(int Port, int Connections, int InFlight, int Qos, int PayloadBytes, bool IsMqtt5, LoadContent Content)
{
    private static readonly string[] s_qos = ["0", "1", "2"];
    private static readonly string[] s_versions = ["3.1.1", "5"];
    private static readonly string[] s_contents = ["plain", "fleet"];

    /// <summary>The plan that the command line asks for.</summary>
    /// <param name="payloadBytes">What <c>--payload</c> is where it is not given.</param>
    /// <param name="content">What <c>--content</c> is where it is not given.</param>
    public static LoadPlan From(Options options, int payloadBytes = PlainPayload.DefaultBytes, LoadContent content = LoadContent.Plain)
    {
        content = options.OneOf("content", s_contents[(int)content], s_contents) == "fleet" ? LoadContent.Fleet : LoadContent.Plain;
        return new(
            options.Number("port", 0),
            options.Number("connections", 1_000),
            options.Number("inflight", 1),
            int.Parse(options.OneOf("qos", "1", s_qos), CultureInfo.InvariantCulture),
            content == LoadContent.Fleet ? FleetPayload.Bytes : options.Number("payload", payloadBytes),
            options.OneOf("mqtt", "5", s_versions) == "5",
            content);
    }

    /// <summary>As a command line.</summary>
    public IEnumerable<string> ToArguments() =>
    [
        "--port", $"{Port}",
        "--connections", $"{Connections}",
        "--inflight", $"{InFlight}",
        "--qos", $"{Qos}",
        "--payload", $"{PayloadBytes}",
        "--mqtt", IsMqtt5 ? "5" : "3.1.1",
        "--content", s_contents[(int)Content],
    ];

    /// <summary>As a title says it.</summary>
    public override string ToString() =>
        $"{Connections} connections, {InFlight} in flight, QoS {Qos}, {PayloadBytes} bytes, MQTT {(IsMqtt5 ? "5" : "3.1.1")}";
}
