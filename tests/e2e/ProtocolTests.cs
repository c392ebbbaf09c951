using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>The native dialect in MQTT 3.1.1 and MQTT 5.</summary>
public sealed class ProtocolTests(Platforms platforms) : PlatformTest(platforms)
{
    [Theory]
    [MemberData(nameof(Matrix.LinksAndVersions), MemberType = typeof(Matrix))]
    public async Task Every_quality_of_service_arrives(Link link, int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("qos");
        var device = await ConnectDevice(platform, link, id, version);

        foreach (var qos in new[] { 0, 1, 2 })
        {
            await device.Publish($"twins/{id}/reported", $$"""{"qos{{qos}}":{{qos}}}""", qos);
        }

        await Eventually.Passes(async () => Json.AssertEqual("""{"qos0":0,"qos1":1,"qos2":2}""", await platform.Rest.Reported(id)));
    }

    [Theory]
    [MemberData(nameof(Matrix.LinksAndVersions), MemberType = typeof(Matrix))]
    public async Task One_property_has_a_topic_of_its_own(Link link, int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("property");
        var device = await ConnectDevice(platform, link, id, version);

        await device.Publish($"twins/{id}/reported/motor/rpm", "1450");
        await device.Publish($"twins/{id}/reported/name", "\"north\"");
        await device.Publish($"twins/{id}/reported/list", "[1,2]");
        await device.Publish($"twins/{id}/reported/gone", "true");
        await device.Publish($"twins/{id}/reported/gone", "null");

        await Eventually.Passes(async () => Json.AssertEqual(
            """{"motor":{"rpm":1450},"name":"north","list":[1,2]}""", await platform.Rest.Reported(id)));
    }

    [Theory]
    [MemberData(nameof(Matrix.LinksAndVersions), MemberType = typeof(Matrix))]
    public async Task A_device_gets_its_document(Link link, int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("document");
        var device = await ConnectListeningDevice(platform, link, id, version);
        await device.Publish($"twins/{id}/reported", """{"a":1}""");

        await device.Publish($"twins/{id}/get", "");

        var document = (await device.Receive($"twins/{id}/document")).Json;
        Assert.Equal(id, (string?)document["id"]);
        Json.AssertEqual("""{"a":1}""", document["reported"]);
    }

    [Theory]
    [InlineData(Link.Gateway)]
    [InlineData(Link.Broker)]
    public async Task A_device_gets_its_document_where_it_asks_for_it(Link link)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("response");
        var device = await ConnectListeningDevice(platform, link, id);
        await device.Subscribe($"answers/{id}");
        await device.Publish($"twins/{id}/reported", """{"a":1}""");

        var correlation = Encoding.ASCII.GetBytes("ask-7");
        await device.Publish(new Publish($"twins/{id}/get", "") { ResponseTopic = $"answers/{id}", CorrelationData = correlation });

        var answer = await device.Receive($"answers/{id}");
        Json.AssertEqual("""{"a":1}""", answer.Json["reported"]);
        Assert.Equal(correlation, answer.CorrelationData);
        Assert.DoesNotContain(device.Inbox.All, message => message.Topic == $"twins/{id}/document");
    }

    [Theory]
    [InlineData(Link.Gateway)]
    [InlineData(Link.Broker)]
    public async Task Mosquitto_pub_is_a_device_too(Link link)
    {
        var platform = await On(Store.Embedded);
        Require.Components(Component.MosquittoPub);
        var id = NewTwinId("pub");

        await MosquittoPub.Publish(platform.MqttPort(link), new($"twins/{id}/reported", """{"v":311}"""));
        await Eventually.Passes(async () => Json.AssertEqual("""{"v":311}""", await platform.Rest.Reported(id)));
        await MosquittoPub.Publish(platform.MqttPort(link), new($"twins/{id}/reported", """{"v":5}""") { Qos = 2 }, "mqttv5");
        await Eventually.Passes(async () => Json.AssertEqual("""{"v":5}""", await platform.Rest.Reported(id)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Messages_of_one_connection_keep_their_order(int version)
    {
        const int Messages = 500;
        var platform = await On(Store.Embedded);
        var id = NewTwinId("order");
        var device = await ConnectDevice(platform, Link.Gateway, id, version);

        var stream = await device.Stream($"twins/{id}/reported", properties: 1, window: 20, report: 1, last: Messages);

        Assert.Equal(Enumerable.Range(0, Messages), stream.Acknowledged);
        Json.AssertEqual($$"""{"k0":{{Messages - 1}}}""", await platform.Rest.Reported(id));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_second_connection_with_the_same_client_id_takes_over(int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("takeover");
        var first = await ConnectDevice(platform, Link.Gateway, id, version);
        await first.Publish($"twins/{id}/reported", """{"a":1}""");

        var second = await ConnectListeningDevice(platform, Link.Gateway, id, version);
        await first.Disconnected.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        await second.Publish($"twins/{id}/reported", """{"a":2}""");

        // The end of the first connection must not take the device offline.
        Assert.Equal("online", await Status(platform, id));
        (await platform.Rest.Patch($"/twins/{id}/desired", """{"a":3}""")).Expect(HttpStatusCode.OK);
        Assert.Equal(3, (int?)(await second.Receive(m => m.Topic == $"twins/{id}/desired" && m.Json["a"] is JsonValue, "the delta")).Json["a"]);
    }
}
