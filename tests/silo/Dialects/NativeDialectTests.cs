using System.Buffers;
using System.Text;
using Microsoft.Extensions.Options;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Dialects;
using Twins.Silo.Hosting;
using Twins.Silo.Links;
using Xunit;

namespace Twins.Silo.Tests.Dialects;

public sealed class NativeDialectTests
{
    private readonly NativeDialect _dialect = new(Options.Create(new TwinsOptions()));

    [Fact]
    public void A_report_is_a_merge_patch()
    {
        var decoded = Decode("twins/acme:pump-1/reported", """ { "rpm" : 1450 } """);
        Assert.Equal("acme:pump-1", decoded.TwinId);
        Assert.Equal((DeviceMessageKind.Reported, """{"rpm":1450}"""), (decoded.Message!.Kind, Text(decoded)));
    }

    [Fact]
    public void A_property_is_named_by_the_topic()
    {
        var decoded = Decode("twins/pump-1/reported/motor/rpm", "1450");
        Assert.Equal(["motor", "rpm"], decoded.Message!.Path);
        Assert.Equal((DeviceMessageKind.ReportedProperty, "1450"), (decoded.Message.Kind, Text(decoded)));
    }

    [Theory]
    [InlineData("online", DeviceMessageKind.Online)]
    [InlineData("offline", DeviceMessageKind.Offline)]
    [InlineData("\"offline\"\n", DeviceMessageKind.Offline)]
    public void A_device_says_whether_it_is_there(string payload, DeviceMessageKind kind) =>
        Assert.Equal(kind, Decode("twins/pump-1/connection", payload).Message!.Kind);

    [Fact]
    public void An_answer_has_a_status()
    {
        const string Topic = "twins/pump-1/commands/01KDYG0000000000000000000A/response";
        Assert.Equal(200, Decode(Topic, "").Message!.Status);
        Assert.Equal(404, Decode(Topic, "{}", ("status", "404")).Message!.Status);
        Assert.Equal("status-invalid", Decode(Topic, "{}", ("status", "fine")).Problem!.Code);
    }

    [Fact]
    public void Order_is_read_from_user_properties_and_from_the_payload()
    {
        var fromProperties = Decode("twins/p/reported", """{"a":1}""", ("epoch", "3"), ("seq", "18446744073709551615"), ("ts", "2026-01-02T03:04:05Z"));
        Assert.Equal(new MessageOrder(3, ulong.MaxValue, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), fromProperties.Message!.Order);

        var fromPayload = Decode("twins/p/reported", """{"$epoch":3,"a":1,"$seq":4,"$ts":1767323045000}""");
        Assert.Equal(new MessageOrder(3, 4, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), fromPayload.Message!.Order);
        Assert.Equal("""{"a":1}""", Text(fromPayload));

        Assert.Null(Decode("twins/p/reported", """{"a":1}""").Message!.Order);
    }

    [Theory]
    [InlineData("twins/p/reported", "[1]", "not-an-object")]
    [InlineData("twins/p/reported", "{\"a\":NaN}", "payload-not-json")]
    [InlineData("twins/p/reported", "", "payload-empty")]
    [InlineData("twins/p/reported", "{\"a\":1,\"a\":2}", "duplicate-name")]
    [InlineData("twins/p/reported", "{\"$seq\":-1}", "order-invalid")]
    [InlineData("twins/p/reported", "{\"$mine\":1}", "name-reserved")]
    [InlineData("twins/p/reported/$mine", "1", "name-reserved")]
    [InlineData("twins/p/connection", "asleep", "connection-invalid")]
    [InlineData("twins/p/desired", "{}", "topic-not-for-devices")]
    [InlineData("twins/p/nonsense", "{}", "topic-unknown")]
    public void What_can_not_be_understood_has_a_reason_and_a_device(string topic, string payload, string code)
    {
        var decoded = Decode(topic, payload);
        Assert.Equal(("p", code), (decoded.TwinId, decoded.Problem?.Code));
        Assert.Null(decoded.Message);
    }

    [Theory]
    [InlineData("twins/p/reported", true)]
    [InlineData("twins/p/reported/motor/rpm", true)]
    [InlineData("twins/p/connection", true)]
    [InlineData("twins/p/get", false)]
    [InlineData("twins/p/commands/01KDYG0000000000000000000A/response", false)]
    public void Empty_payload_that_clears_says_nothing(string topic, bool saysNothing)
    {
        var decoded = _dialect.Decode(new LinkMessage { Topic = topic, Payload = default, Source = new MessageSource(new LinkAddress("plant", ""), "native"), ClearsRetained = true });

        Assert.Equal(("p", null), (decoded.TwinId, decoded.Problem));
        Assert.Equal(saysNothing, decoded.Message is null);
    }

    [Fact]
    public void Hint_of_a_time_names_the_member_and_the_value()
    {
        Assert.Equal("ts is \"1795932497\"; seconds? ts is in Unix milliseconds: multiply by 1000", Decode("twins/p/reported", "{}", ("ts", "1795932497")).Problem!.Detail);
        Assert.Equal("$ts is \"1795932497.06\"; seconds? ts is in Unix milliseconds: multiply by 1000", Decode("twins/p/reported", """{"$ts":1795932497.06}""").Problem!.Detail);
        Assert.NotNull(Decode("twins/p/reported", """{"$ts":"2026-11-29 06:08:17Z"}""").Message!.Order!.Timestamp);
    }

    [Theory]
    [InlineData("answers/p")]
    [InlineData("twin/p")]
    [InlineData("twins/p/document")]
    [InlineData("twins/p/replies/1")]
    [InlineData("twins/p/replies/a/b")]
    public void Response_topic_outside_twins_or_of_the_same_twin_is_allowed(string topic)
    {
        foreach (var link in new[] { "plant", "gateway" })
        {
            var decoded = Get(link, topic);
            Assert.Null(decoded.Problem);
            Assert.Equal(topic, decoded.Message!.ResponseTopic);
        }
    }

    [Theory]
    [InlineData("twins/valve9/commands/open/01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("twins/valve9/reported/setpoint")]
    [InlineData("twins/valve9/document")]
    [InlineData("twins/valve9/replies/1")]
    [InlineData("twins/p2/replies/1")]
    [InlineData("twins/p/commands/open/01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("twins/p/reported")]
    [InlineData("twins/p/desired")]
    [InlineData("twins/p/connection")]
    [InlineData("twins/p/get")]
    [InlineData("twins/p/errors")]
    [InlineData("twins/p/events/changed")]
    [InlineData("twins/p/document/x")]
    [InlineData("twins/p/replies")]
    [InlineData("twins/p/replies/")]
    [InlineData("twins/")]
    [InlineData("$CONTROL/dynamic-security/v1")]
    public void Response_topic_of_others_is_forbidden_on_a_broker(string topic)
    {
        var decoded = Get("plant", topic);
        Assert.Equal(("p", "response-topic-forbidden", 403), (decoded.TwinId, decoded.Problem!.Code, decoded.Problem.Status));
        Assert.Contains("use twins/p/document, twins/p/replies/…", decoded.Problem.Detail, StringComparison.Ordinal);
        Assert.Null(decoded.Message);

        // The gateway answers into the session of the asker only.
        Assert.Null(Get("gateway", topic).Problem);
    }

    [Theory]
    [InlineData("answers/#")]
    [InlineData("answers/+/x")]
    [InlineData("twins/p/replies/+")]
    [InlineData("answers/\0")]
    public void Response_topic_with_wildcards_is_forbidden(string topic)
    {
        Assert.Equal("response-topic-forbidden", Get("plant", topic).Problem?.Code);
        Assert.Equal("response-topic-forbidden", Get("gateway", topic).Problem?.Code);
    }

    [Theory]
    [InlineData("twins/p/reported", """{"battery":null,"power":{"on":true,"volts":null},"list":[null,{"a":null}]}""", """{"power":{"on":true},"list":[null,{"a":null}]}""")]
    [InlineData("twins/p/reported", """{"battery":null}""", "{}")]
    [InlineData("twins/p/reported", """{"$seq":4,"battery":null}""", "{}")]
    [InlineData("twins/p/reported/battery", "null", "{}")]
    [InlineData("twins/p/reported/power", """{"volts":null,"on":true}""", """{"on":true}""")]
    [InlineData("twins/p/reported/text", "\"null\"", "\"null\"")]
    public void Link_that_ignores_nulls_drops_them(string topic, string payload, string body)
    {
        var options = new TwinsOptions();
        options.Mqtt.Brokers.Add(new BrokerOptions { Name = "zigbee", Nulls = NullHandling.Ignore });
        options.Mqtt.Brokers.Add(new BrokerOptions { Name = "plant" });
        var dialect = new NativeDialect(Options.Create(options));
        string DecodedOn(string link) => Text(dialect.Decode(new LinkMessage
        {
            Topic = topic,
            Payload = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)),
            Source = new MessageSource(new LinkAddress(link, ""), "native"),
        }));

        Assert.Equal(body, DecodedOn("zigbee"));
        Assert.Equal(payload.Replace("\"$seq\":4,", "", StringComparison.Ordinal), DecodedOn("plant"));
        Assert.Equal(DecodedOn("plant"), DecodedOn("gateway"));

        options.Mqtt.Gateway.Nulls = NullHandling.Ignore;
        dialect = new NativeDialect(Options.Create(options));
        Assert.Equal(body, DecodedOn("gateway"));
    }

    [Fact]
    public void A_payload_in_pieces_is_read_whole()
    {
        var first = new Segment("{\"a\":"u8.ToArray(), null);
        var last = new Segment("1}"u8.ToArray(), first);
        var decoded = _dialect.Decode(new LinkMessage
        {
            Topic = "twins/p/reported",
            Payload = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length),
            Source = new MessageSource(new LinkAddress("gateway", "x"), "native"),
        });
        Assert.Equal("""{"a":1}""", Text(decoded));
    }

    [Theory]
    [InlineData("""{"a":1}""", false, """{"a":1,"$expiresAt":"2026-01-02T03:04:05.678Z"}""")]
    [InlineData("{}", false, """{"$expiresAt":"2026-01-02T03:04:05.678Z"}""")]
    [InlineData("[1]", false, "[1]")]
    [InlineData("""{"a":1}""", true, """{"a":1}""")]
    public void Command_says_in_the_payload_when_it_expires_if_there_are_no_properties(string payload, bool hasProperties, string expected)
    {
        var expiresAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        var encoded = _dialect.Encode(
            new OutgoingMessage
            {
                TwinId = "p",
                Kind = OutgoingMessageKind.Command,
                Address = new LinkAddress("gateway", "x"),
                Dialect = "native",
                Body = Encoding.UTF8.GetBytes(payload),
                CommandName = "open",
                CommandId = "1",
                ExpiresAt = expiresAt,
            },
            hasProperties);

        Assert.Equal(expected, Encoding.UTF8.GetString(encoded.Payload));
        Assert.Equal(expiresAt, encoded.ExpiresAt);
    }

    [Fact]
    public void Refusal_of_desired_has_reasons_and_a_revision()
    {
        var decoded = Decode("twins/p/desired/rejected", """{"lock":"closed","motor":{"rpm":"too fast"},"$revision":42}""");

        Assert.Equal((DeviceMessageKind.DesiredRejected, 42L), (decoded.Message!.Kind, decoded.Message.Revision));
        Assert.Equal("""{"lock":"closed","motor":{"rpm":"too fast"}}""", Text(decoded));
    }

    [Theory]
    [InlineData("""{"lock":"closed"}""", "revision-missing")]
    [InlineData("""{"lock":"closed","$revision":"4"}""", "revision-missing")]
    [InlineData("""{"lock":"closed","$revision":4.5}""", "revision-missing")]
    [InlineData("""{"lock":1,"$revision":4}""", "reason-invalid")]
    [InlineData("""{"motor":{"rpm":["x"]},"$revision":4}""", "reason-invalid")]
    [InlineData("""{"$ts":"x","$revision":4}""", "name-reserved")]
    [InlineData("[1]", "revision-missing")]
    [InlineData("nonsense", "payload-not-json")]
    public void Refusal_of_desired_that_is_malformed_is_a_problem(string payload, string code) =>
        Assert.Equal(code, Decode("twins/p/desired/rejected", payload).Problem?.Code);

    private Decoded Decode(string topic, string payload, params (string Name, string Value)[] properties) => _dialect.Decode(new LinkMessage
    {
        Topic = topic,
        Payload = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)),
        Source = new MessageSource(new LinkAddress("gateway", "x"), "native"),
        UserProperties = [.. properties.Select(property => KeyValuePair.Create(property.Name, property.Value))],
    });

    private Decoded Get(string link, string responseTopic) => _dialect.Decode(new LinkMessage
    {
        Topic = "twins/p/get",
        Payload = ReadOnlySequence<byte>.Empty,
        Source = new MessageSource(new LinkAddress(link, ""), "native"),
        ResponseTopic = responseTopic,
    });

    private static string Text(Decoded decoded) => Encoding.UTF8.GetString(decoded.Message!.Body);

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? before)
        {
            Memory = bytes;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
