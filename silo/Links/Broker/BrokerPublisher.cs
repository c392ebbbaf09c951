using MQTTnet.Exceptions;
using Twins.Contracts.Links;
using Twins.Silo.Dialects;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Links.Broker;

/// <summary>
/// Publishes for a link, over all its connections. A message that the broker does not accept is set aside, so that it does not disturb
/// the other devices. Safe for any thread.
/// </summary>
/// <param name="link">The name of the link.</param>
/// <param name="metrics">Counts the messages that are set aside.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class BrokerPublisher(string link, TwinsMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>The label if the broker ended the connection because of the message.</summary>
    private const string Disconnected = "disconnected";

    /// <summary>A connection that ends later than this after a publish did not end because of it.</summary>
    private static readonly TimeSpan BlameTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a publish that must go alone waits for the others.</summary>
    private static readonly TimeSpan AloneTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Devices whose messages were logged; beyond this many they are logged again.</summary>
    private const int LoggedDevices = 10_000;

    private readonly PublishGate _gate = new();
    private readonly BrokerSuspects _suspects = new();
    private readonly HashSet<string> _logged = new(StringComparer.Ordinal);

    /// <summary>Publishes; returns when the broker has acknowledged.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="twinId">Whose device, for the log.</param>
    /// <param name="encoded">The message.</param>
    /// <param name="mayWaitForRights">Whether a message that the link's user may not publish is worth another attempt.</param>
    /// <exception cref="Exception">The connection ended, or the broker does not take messages now.</exception>
    public async Task<DeliveryResult> Publish(BrokerConnection connection, string twinId, Encoded encoded, bool mayWaitForRights)
    {
        var suspicion = _suspects.Of(encoded);
        if (suspicion == BrokerSuspicion.SetAside)
        {
            return DeliveryResult.Refused;
        }

        using var place = suspicion == BrokerSuspicion.Suspected ? await _gate.TryEnterAloneAsync(AloneTimeout, time) : _gate.TryEnter();
        if (place is null)
        {
            return DeliveryResult.Busy;
        }

        var started = time.GetTimestamp();
        var ended = connection.Ended.IsCompleted;
        try
        {
            var answer = await connection.Publish(encoded, CancellationToken.None);
            if (suspicion == BrokerSuspicion.Suspected)
            {
                _suspects.Clear(encoded);
            }

            return answer.Reason is null ? answer.Result : SetAside(twinId, encoded, answer, mayWaitForRights);
        }
        catch (Exception exception) when (!ended && !connection.IsClosing && IsBlamed(exception, time.GetElapsedTime(started)))
        {
            if (_suspects.Blame(encoded, place.IsAlone) == BrokerSuspicion.SetAside)
            {
                var said = exception is MqttClientUnexpectedDisconnectReceivedException { ReasonCode: { } code } ? $" ({code})" : "";
                var reason = $"the broker ended the connection right after this message {BrokerSuspects.Attempts} times{said}; see the broker's log and limits";
                return SetAside(twinId, encoded, new PublishAnswer(DeliveryResult.Refused, reason, Disconnected), mayWaitForRights: false);
            }

            throw;
        }
    }

    /// <summary>Returns whether the connection ended while the publish waited for its acknowledgement. MQTTnet disposes of what waits, or fails it.</summary>
    private static bool IsBlamed(Exception exception, TimeSpan after) =>
        after < BlameTimeout
        && exception is (MqttCommunicationException or ObjectDisposedException)
        && exception is not (MqttCommunicationTimedOutException or MqttClientNotConnectedException);

    private DeliveryResult SetAside(string twinId, Encoded encoded, PublishAnswer answer, bool mayWaitForRights)
    {
        metrics.BrokerSetAside(link, answer.Cause!);
        bool first;
        lock (_logged)
        {
            if (_logged.Count >= LoggedDevices)
            {
                _logged.Clear();
            }

            first = _logged.Add($"{answer.Cause} {twinId}");
        }

        if (first)
        {
            LogSetAside(logger, link, encoded.Topic, answer.Reason!, twinId);
        }

        // Rights can be granted; a delta that waits is sent then.
        return answer.Cause == PublishAnswer.NotAuthorized && mayWaitForRights ? DeliveryResult.LinkDown : answer.Result;
    }

    [LoggerMessage(LogEvents.BrokerMessageSetAside, LogLevel.Warning, "Set aside a message of broker link {Link} on {Topic}: {Reason}. Further ones of twin {TwinId} are counted and not logged.")]
    private static partial void LogSetAside(ILogger logger, string link, string topic, string reason, string twinId);
}
