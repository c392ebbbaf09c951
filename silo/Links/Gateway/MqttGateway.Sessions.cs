using System.Collections;
using System.Security.Cryptography;
using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Twins.Contracts.Twins;
using Twins.Silo.Links.Fencing;

namespace Twins.Silo.Links.Gateway;

/// <summary>Who is connected, and which devices that means.</summary>
internal sealed partial class MqttGateway
{
    /// <summary>Where MQTTnet keeps our session, in the one of its own.</summary>
    private const string SessionItem = "twins.session";

    /// <summary>Bytes of a client id, which names a grain and a record of the store.</summary>
    private const int LongestClientId = 1024;

    /// <summary>How long a CONNECT waits for its token: clients wait 5 s and more for a CONNACK.</summary>
    private static readonly TimeSpan TokenTimeout = TimeSpan.FromSeconds(3);

    private async Task Validate(ValidatingConnectionEventArgs args)
    {
        if (string.IsNullOrEmpty(args.ClientId))
        {
            if (args.ProtocolVersion != MqttProtocolVersion.V500)
            {
                // Without a clean session it must have an id (MQTT-3.1.3-8), and MQTTnet says so.
                return;
            }

            args.AssignedClientIdentifier = GatewayChannel.AssignedClientId();
        }

        if (_options.Users.Count > 0 && !_options.Users.Exists(user => Same(user.Username, args.UserName) & Same(user.Password, args.Password)))
        {
            args.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
            args.ReasonString = "the user name or the password is wrong";
            RefusedUser(args.ClientId, args.RemoteEndPoint);
            return;
        }

        var clientId = string.IsNullOrEmpty(args.ClientId) ? args.AssignedClientIdentifier : args.ClientId;
        if (Encoding.UTF8.GetByteCount(clientId) > LongestClientId)
        {
            args.ReasonCode = MqttConnectReasonCode.ClientIdentifierNotValid;
            args.ReasonString = $"the client id has more than {LongestClientId} bytes";
            return;
        }

        var channel = (GatewayChannel)args.ChannelAdapter;
        if (await TakeToken(clientId) is not { } token)
        {
            args.ReasonCode = MqttConnectReasonCode.ServerUnavailable;
            args.ReasonString = "the store does not answer; connect again";
            return;
        }

        var claim = new SessionClaim(Guid.NewGuid(), Address, _self!, token, channel.Clean, SessionExpiry.Granted(channel.ExpirySeconds));
        var source = new MessageSource(Address, dialect.Name, clientId, Rights.OfGateway(clientId), token);
        var outbox = new GatewayOutbox(_options.QueuePerConnection, message => Done(source, message), time);
        var session = new GatewaySession(clientId, claim, source, channel, outbox, StoreSubscriptions);
        _sessions[claim.Id] = session;
        args.SessionItems[SessionItem] = session;
        channel.Session = session;
        if (!await Claim(session))
        {
            args.ReasonCode = MqttConnectReasonCode.ServerUnavailable;
            args.ReasonString = "the session can not be had now; connect again";
        }
        else if (session.Subscriptions.WantEvents)
        {
            await ListenAgain(session);
        }
    }

    /// <summary>Takes a fencing token for a connection; null if the store does not give one in time.</summary>
    private async Task<ulong?> TakeToken(string clientId)
    {
        try
        {
            return await tokens.NextAsync().WaitAsync(TokenTimeout, time);
        }
        catch (Exception exception)
        {
            ClaimFailed(exception, clientId);
            return null;
        }
    }

    /// <summary>Compares in a time that does not tell how much was right.</summary>
    private static bool Same(string expected, string? given) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(expected)), SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")));

    private Task Connected(ClientConnectedEventArgs args)
    {
        var session = SessionOf(args.SessionItems);
        if (session.Connect() is not { } connection)
        {
            // The client has another connection by now, and this one is being closed.
            return Task.CompletedTask;
        }

        _connections[session.ClientId] = connection;

        // A session that is resumed speaks for its devices at once; so does the heir of a connection taken over.
        foreach (var device in session.Subscriptions.Devices().Union(session.Inherited, StringComparer.Ordinal))
        {
            if (Bind(session, device))
            {
                Announce(session, device);
            }
        }

        // What was not acknowledged before leaves first: whatever is new comes behind it.
        session.Outbox.Open(session.Channel.SendPublish, Math.Min(_options.Window, session.Channel.ReceiveMaximum));
        if (session.TakenOverAt is not null)
        {
            _connections.TryRemove(new KeyValuePair<string, GatewayConnection>(session.ClientId, connection));
            _listening.TryRemove(session, out _);
        }

        return Task.CompletedTask;
    }

    /// <summary>A connection has ended, whether or not it ever was accepted.</summary>
    private void Ended(GatewayChannel channel)
    {
        if (channel.Session is { } session)
        {
            session.Outbox.Close();
            // Where it was taken over, the heir is on its way, and takes the devices along.
            if (session.Disconnect(time.GetUtcNow()) && _sessions.ContainsKey(session.Claim.Id))
            {
                if (session.Connection is { } connection)
                {
                    _connections.TryRemove(new KeyValuePair<string, GatewayConnection>(session.ClientId, connection));
                    session.Left = Leave(connection);
                }

                if (!session.Lasts)
                {
                    Drop(session);
                }

                // Not awaited: it catches what happens.
                _ = Tell(session, grain => grain.Release(session.Claim.Id, session.DisconnectedAt!.Value));
            }
        }

        channel.End();
    }

    private static GatewaySession SessionOf(IDictionary items) => (GatewaySession)items[SessionItem]!;

    [LoggerMessage(LogEvents.GatewayRefusedUser, LogLevel.Warning, "Client {ClientId} from {Endpoint} was refused: wrong user name or password.")]
    private partial void RefusedUser(string clientId, System.Net.EndPoint? endpoint);
}
