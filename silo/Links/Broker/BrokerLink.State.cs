namespace Twins.Silo.Links.Broker;

/// <summary>Says how the link is: in the log, in health details and in metrics.</summary>
internal sealed partial class BrokerLink
{
    private void NoteConnected(BrokerConnection connection, bool sessionPresent)
    {
        var version = connection.Capabilities.Version;
        _protocol.Accepted();
        _status.Connected(version);
        _complained = null;
        Connected(_options.Name, _refusals.Address, BrokerProtocol.NameOf(version));
        if (connection.Capabilities.Limits(connection.SessionExpiry) is { Length: > 0 } limits)
        {
            Limited(_options.Name, limits);
        }

        if (connection.IsGrantedLess)
        {
            GrantedLess(_options.Name);
        }

        if (_hadSession && !sessionPresent)
        {
            SessionLost(_options.Name, _clientId);
        }

        _hadSession = true;
    }

    /// <summary>Notes that the broker refused, and returns how long to wait.</summary>
    private async Task<TimeSpan> NotConnected(BrokerRefusal refusal, BackOff backOff)
    {
        _status.Failed(refusal);
        switch (_protocol.Refused(refusal.Kind))
        {
            case BrokerProtocolStep.FallBack:
                FellBack(_options.Name, refusal.Text);
                return FirstPause;
            case BrokerProtocolStep.TryAgain:
                return FirstPause;
            default:
                Complain(refusal.Text);
                await StepBack();
                return refusal.IsLasting ? LastingPause : backOff.Next();
        }
    }

    /// <summary>Logs a reason once, and another one when it takes its place.</summary>
    private void Complain(string reason)
    {
        if (_complained is null)
        {
            NotReached(_options.Name, _refusals.Address, reason);
        }
        else if (_complained != reason)
        {
            RetryChanged(_options.Name, reason);
        }

        _complained = reason;
    }

    [LoggerMessage(LogEvents.BrokerConnected, LogLevel.Information, "Broker link {Name} is connected to {Uri} with MQTT {Version}.")]
    private partial void Connected(string name, string uri, string version);

    [LoggerMessage(LogEvents.BrokerRetry, LogLevel.Warning, "Broker link {Name} cannot connect to {Uri} ({Reason}); retrying, and logging this reason once.")]
    private partial void NotReached(string name, string uri, string reason);

    [LoggerMessage(LogEvents.BrokerRetryChanged, LogLevel.Warning, "Retrying broker link {Name}, now for another reason: {Reason}.")]
    private partial void RetryChanged(string name, string reason);

    [LoggerMessage(LogEvents.BrokerFellBack, LogLevel.Warning, "Broker link {Name} continues with MQTT 3.1.1, because MQTT 5 failed: {Reason}. MQTT 3.1.1 has no user properties and no response topics: devices send $epoch, $seq and $ts in the payload, answers to commands have status 200, and the document goes to twins/{{id}}/document. Mode Shared needs a broker with $share in 3.1.1.")]
    private partial void FellBack(string name, string reason);

    [LoggerMessage(LogEvents.BrokerLimited, LogLevel.Warning, "Broker link {Name} obeys limits of its broker: {Limits}.")]
    private partial void Limited(string name, string limits);

    [LoggerMessage(LogEvents.BrokerGrantedLess, LogLevel.Warning, "Broker link {Name} was granted QoS 0 only: messages of devices can be lost. Let the broker grant QoS 1.")]
    private partial void GrantedLess(string name);

    [LoggerMessage(LogEvents.BrokerSessionLost, LogLevel.Warning, "Broker link {Name} found no session for client id {ClientId} at its broker: messages that devices published while the link was away are lost. Let the broker keep persistent sessions.")]
    private partial void SessionLost(string name, string clientId);
}
