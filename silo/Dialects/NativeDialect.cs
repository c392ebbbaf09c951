using System.Buffers;
using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Twins.Contracts;
using Twins.Contracts.Json;
using Twins.Contracts.Topics;
using Twins.Contracts.Twins;
using Twins.Silo.Hosting;
using Twins.Silo.Links;
using Twins.Silo.Twins;

namespace Twins.Silo.Dialects;

/// <summary>Our own dialect: the topics of <see cref="NativeTopics"/>.</summary>
internal sealed partial class NativeDialect(IOptions<TwinsOptions> options) : IDialect
{
    public const string DialectName = "native";

    private readonly LimitsOptions _limits = options.Value.Limits;

    /// <summary>The links on which a member that is null removes nothing.</summary>
    private readonly FrozenSet<string> _ignoreNulls = LinksThatIgnoreNulls(options.Value.Mqtt).ToFrozenSet(StringComparer.Ordinal);

    public string Name => DialectName;

    public IReadOnlyList<string> IngressFilters => NativeTopics.DeviceFilters;

    public Decoded Decode(LinkMessage message)
    {
        if (!NativeTopics.TryParse(message.Topic, out var topic, out var problem))
        {
            return new Decoded(topic.TwinId, null, problem);
        }

        if (message.ClearsRetained && topic.Kind is NativeTopicKind.Reported or NativeTopicKind.ReportedProperty or NativeTopicKind.Connection)
        {
            return new Decoded(topic.TwinId, null, null);
        }

        var decoded = topic.Kind switch
        {
            NativeTopicKind.Reported => Reported(message, out problem),
            NativeTopicKind.ReportedProperty => Property(message, topic.Path, out problem),
            NativeTopicKind.CommandResponse => Response(message, topic.CommandId!, out problem),
            NativeTopicKind.Connection => Connection(message, out problem),
            NativeTopicKind.DesiredRejected => DesiredRejected(message, out problem),
            _ => Get(message, topic.TwinId!, out problem),
        };
        return new Decoded(topic.TwinId, decoded, problem);
    }

    private static IEnumerable<string> LinksThatIgnoreNulls(MqttOptions mqtt)
    {
        foreach (var broker in mqtt.Brokers.Where(broker => broker.Nulls == NullHandling.Ignore))
        {
            yield return broker.Name;
        }

        if (mqtt.Gateway.Nulls == NullHandling.Ignore)
        {
            yield return LinkNames.Gateway;
        }
    }

    private static DeviceMessage Message(LinkMessage message, DeviceMessageKind kind) => new()
    {
        Kind = kind,
        Source = message.Source,
        Retained = message.Retained,
        FromWill = message.FromWill,
    };

    private static DeviceMessage? Get(LinkMessage message, string twinId, out Problem? problem)
    {
        problem = message.ResponseTopic is { } topic ? ResponseTopics.Check(twinId, topic, onBroker: message.Source.Address.Link != LinkNames.Gateway) : null;
        return problem is not null ? null : Message(message, DeviceMessageKind.Get) with
        {
            ResponseTopic = message.ResponseTopic,
            CorrelationData = message.CorrelationData,
        };
    }

    private DeviceMessage? Reported(LinkMessage message, out Problem? problem)
    {
        if (!TryRead(message, _limits.ReportedBytes, out var body, out problem))
        {
            return null;
        }

        if (!JsonText.IsObject(body))
        {
            problem = new Problem(400, "not-an-object", "the payload of twins/{id}/reported must be a JSON object; publish a single value on twins/{id}/reported/{name}");
            return null;
        }

        if (!OrderMembers.TryTake(ref body, out var inPayload, out problem) || !OrderProperties.TryRead(message.UserProperties, out var inProperties, out problem))
        {
            return null;
        }

        if (ReservedNames.Find(body) is { } reserved)
        {
            problem = TwinProblems.ReservedName("reported", reserved);
            return null;
        }

        if (_ignoreNulls.Contains(message.Source.Address.Link))
        {
            body = JsonText.StripNulls(body);
        }

        return Message(message, DeviceMessageKind.Reported) with { Body = body, Order = inProperties ?? inPayload };
    }

    private DeviceMessage? Property(LinkMessage message, string[] path, out Problem? problem)
    {
        if (!TryRead(message, _limits.ReportedBytes, out var body, out problem) || !OrderProperties.TryRead(message.UserProperties, out var order, out problem))
        {
            return null;
        }

        problem = path switch
        {
            [['$', ..], ..] => TwinProblems.ReservedName("reported", path[0]),
            { Length: var depth } when depth > _limits.Depth =>
                new Problem(400, "payload-too-deep", $"the topic names a property {depth} levels deep; the limit is {_limits.Depth}"),
            _ when Array.Find(path, name => Encoding.UTF8.GetByteCount(name) > _limits.NameBytes) is { } name =>
                new Problem(400, "name-too-long", $"the topic names a property of more than {_limits.NameBytes} bytes, beginning \"{name[..Math.Min(name.Length, 32)]}\"; shorten it"),
            _ => null,
        };
        if (problem is null && _ignoreNulls.Contains(message.Source.Address.Link))
        {
            if (JsonText.IsNull(body))
            {
                // The device is there, and nothing changes.
                return Message(message, DeviceMessageKind.Reported) with { Body = JsonText.EmptyObject.ToArray(), Order = order };
            }

            body = JsonText.StripNulls(body);
        }

        return problem is null ? Message(message, DeviceMessageKind.ReportedProperty) with { Body = body, Path = path, Order = order } : null;
    }

    private DeviceMessage? Response(LinkMessage message, string commandId, out Problem? problem)
    {
        problem = null;
        byte[] body = [];
        if (!message.Payload.IsEmpty && !TryRead(message, _limits.CommandBytes, out body, out problem))
        {
            return null;
        }

        var status = 200;
        foreach (var (name, value) in message.UserProperties)
        {
            if (name == NativeTopics.StatusProperty && (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out status) || status is < 100 or > 599))
            {
                problem = new Problem(400, "status-invalid", $"user property \"status\" is \"{value}\"; it must be a number from 100 to 599");
                return null;
            }
        }

        return Message(message, DeviceMessageKind.CommandResponse) with { Body = body, CommandId = commandId, Status = status };
    }

    private DeviceMessage? DesiredRejected(LinkMessage message, out Problem? problem)
    {
        if (!TryRead(message, _limits.DesiredBytes, out var body, out problem))
        {
            return null;
        }

        if (!PropertyPath.TryGet(body, [NativeTopics.RevisionMember], out var revision) || !Utf8Parser.TryParse(revision.Span, out long number, out var read) || read != revision.Length)
        {
            problem = new Problem(400, "revision-missing", "the payload of twins/{id}/desired/rejected must have the member \"$revision\": that of the delta which is refused", "/$revision");
            return null;
        }

        body = PropertyPath.Remove(body, [NativeTopics.RevisionMember], out _);
        if (ReservedNames.Find(body) is { } reserved)
        {
            problem = TwinProblems.ReservedName("desired/rejected", reserved);
            return null;
        }

        using var reasons = JsonDocument.Parse(body);
        if (!AreReasons(reasons.RootElement))
        {
            problem = new Problem(400, "reason-invalid", "each member of twins/{id}/desired/rejected must be a text that says why the property is refused, or an object of such members");
            return null;
        }

        return Message(message, DeviceMessageKind.DesiredRejected) with { Body = body, Revision = number };
    }

    private static bool AreReasons(JsonElement reasons) => reasons.EnumerateObject().All(static reason =>
        reason.Value.ValueKind == JsonValueKind.String || (reason.Value.ValueKind == JsonValueKind.Object && AreReasons(reason.Value)));

    private static DeviceMessage? Connection(LinkMessage message, out Problem? problem)
    {
        problem = null;
        var text = message.Payload.Length <= 16 ? Encoding.UTF8.GetString(message.Payload).Trim().Trim('"') : "";
        switch (text)
        {
            case NativeTopics.Online:
                return Message(message, DeviceMessageKind.Online);
            case NativeTopics.Offline:
                return Message(message, DeviceMessageKind.Offline);
            default:
                problem = new Problem(400, "connection-invalid", "the payload of twins/{id}/connection must be online or offline");
                return null;
        }
    }

    private bool TryRead(LinkMessage message, int maxBytes, out byte[] body, out Problem? problem)
    {
        var payload = message.Payload;
        var limits = _limits.Json(maxBytes);
        var read = payload.IsSingleSegment
            ? JsonText.TryNormalize(payload.FirstSpan, limits, out var canonical, out problem)
            : JsonText.TryNormalize(payload.ToArray(), limits, out canonical, out problem);
        body = canonical ?? [];
        return read;
    }
}
