using System.Collections.Concurrent;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Xunit;

namespace Twins.Simulators.Tests.Mqtt;

public sealed class SharedConnectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MqttProtocol.V5, 0)]
    [InlineData(MqttProtocol.V5, 1)]
    [InlineData(MqttProtocol.V311, 1)]
    [InlineData(MqttProtocol.V5, 2)]
    public async Task Devices_behind_a_gateway_speak_over_one_connection(MqttProtocol protocol, int qos)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(broker.Address) with { Protocol = protocol, QualityOfService = qos }, shared: 50);
        await Eventually.IsTrueAsync(() => broker.Subscriptions.Count == 150);
        Assert.Equal(50, fleet.Engine.Snapshot().Connected);
        foreach (var (device, session) in fleet.Devices.Zip(fleet.Sessions))
        {
            session.Publish(device.Report($$"""{"of":"{{device.Id}}"}"""));
        }

        await fleet.Engine.StopAsync(Cancel);
        Assert.Equal(["sim:gateway-1"], broker.Connects.Keys);
        Assert.All(fleet.Devices, device =>
        {
            Assert.Equal([$$"""{"of":"{{device.Id}}"}"""], broker.On(NativeTopics.Reported(device.Id)).Select(message => message.Payload));
            Assert.Equal(["online", "offline"], broker.On(NativeTopics.Connection(device.Id)).Select(message => message.Payload));
            Assert.Contains(("sim:gateway-1", NativeTopics.Desired(device.Id)), broker.Subscriptions);
            Assert.Contains(("sim:gateway-1", NativeTopics.CommandsFilter(device.Id)), broker.Subscriptions);
            Assert.Contains(("sim:gateway-1", NativeTopics.Errors(device.Id)), broker.Subscriptions);
            Assert.Equal(1, device.ConnectedCount);
            Assert.Equal(3, device.DeliveredMessages.Count);
            Assert.False(device.Overlapped);
        });
        var end = fleet.Engine.Snapshot();
        Assert.Equal((50, 50, 1, 0, 0), (end.Devices, end.EverConnected, end.Connects, end.Connected, end.Errors));
    }

    [Fact]
    public async Task What_is_sent_to_a_device_reaches_it_and_no_other()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(broker.Address), shared: 20);
        await Eventually.IsTrueAsync(() => broker.Subscriptions.Count == 60);
        await broker.SendAsync(NativeTopics.Desired("sim:probe-7"), """{"a":1}""");
        await broker.SendAsync(NativeTopics.CommandRequest("sim:probe-11", "ping", "c1"), "{}");
        await Eventually.IsTrueAsync(() => fleet.Devices.Sum(device => device.Messages.Count) == 2);
        Assert.Equal([(NativeTopics.Desired("sim:probe-7"), """{"a":1}""")], fleet.Devices[6].Messages);
        Assert.Equal([(NativeTopics.CommandRequest("sim:probe-11", "ping", "c1"), "{}")], fleet.Devices[10].Messages);
    }

    [Fact]
    public async Task A_message_for_a_device_that_is_not_there_is_told_and_acknowledged()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync();
            foreach (var topic in (string[])["twins/sim:probe-99/desired", "elsewhere", "twins/"])
            {
                await connection.SendAsync(new MqttPublishPacket { Topic = topic, PacketIdentifier = 9, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce });
                Assert.Equal(9, (await connection.ReceiveAsync<MqttPubAckPacket>()).PacketIdentifier);
            }

            await connection.ServeAsync();
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address), shared: 2);
        await Eventually.IsTrueAsync(() => fleet.Engine.Troubles.Total == 3);
        Assert.Equal(["sim:gateway-1 got a message on twins/sim:probe-99/desired and speaks for no such device"], fleet.Said);
    }

    [Fact]
    public async Task A_gateway_takes_no_name_that_a_device_has()
    {
        await using var broker = await TestBroker.StartAsync();
        using var engine = new FleetEngine(ProbeFleet.Quick(broker.Address));
        engine.AddShared([new ProbeDevice("acme:a"), new ProbeDevice("acme:b")]);
        engine.Add(new ProbeDevice("acme:gateway-1"));
        engine.AddShared([new ProbeDevice("acme:c"), new ProbeDevice("acme:gateway-3")]);
        engine.AddShared([new ProbeDevice("solo-1"), new ProbeDevice("solo-2")]);
        engine.Start();
        await Eventually.IsTrueAsync(() => engine.Snapshot().Connected == 7);
        Assert.Equal(["acme:gateway-1", "acme:gateway-2", "acme:gateway-4", "gateway-1"], broker.Connects.Keys.Order(StringComparer.Ordinal));
        await engine.StopAsync(Cancel);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task Subscriptions_come_in_packets_that_the_server_takes(int largest)
    {
        var filters = new ConcurrentQueue<string>();
        var packets = 0;
        var sizes = new ConcurrentQueue<int>();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(new MqttConnAckPacket { MaximumPacketSize = (uint)largest });
            while (await connection.NextAsync() is { } packet)
            {
                if (packet is not MqttSubscribePacket subscribe)
                {
                    continue;
                }

                foreach (var filter in subscribe.TopicFilters)
                {
                    Assert.True(filter.NoLocal);
                    filters.Enqueue(filter.Topic);
                }

                packets++;
                sizes.Enqueue(8 + subscribe.TopicFilters.Sum(filter => filter.Topic.Length + 3));
                await connection.GrantAsync(subscribe);
            }
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address), shared: 300);
        await Eventually.IsTrueAsync(() => filters.Count == 900);
        Assert.Equal(
            fleet.Devices.SelectMany(device => (string[])[NativeTopics.Desired(device.Id), NativeTopics.CommandsFilter(device.Id), NativeTopics.Errors(device.Id)]),
            filters);
        Assert.All(sizes, size => Assert.InRange(size, 1, largest == 0 ? 8192 : largest));
        Assert.InRange(packets, 2, 900);
    }

    [Fact]
    public async Task Refused_subscriptions_are_told_once_and_the_others_go_on()
    {
        var granted = 0;
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(new MqttConnAckPacket { MaximumPacketSize = 500 });
            while (await connection.NextAsync() is { } packet)
            {
                if (packet is MqttSubscribePacket subscribe)
                {
                    await connection.GrantAsync(subscribe, granted++ == 0 ? MqttSubscribeReasonCode.GrantedQoS1 : MqttSubscribeReasonCode.QuotaExceeded);
                }
            }
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address), shared: 30);
        await Eventually.IsTrueAsync(() => fleet.Engine.Troubles.Total > 60);
        var said = Assert.Single(fleet.Said);
        Assert.StartsWith($"{server.Address} does not let sim:gateway-1 subscribe to twins/sim:probe-", said, StringComparison.Ordinal);
        Assert.EndsWith(": QuotaExceeded; let fewer devices share a connection", said, StringComparison.Ordinal);
        Assert.Equal(30, fleet.Engine.Snapshot().Connected);
    }

    [Fact]
    public async Task A_device_that_talks_a_lot_does_not_crowd_out_the_others()
    {
        var topics = new ConcurrentQueue<string>();
        var open = new TaskCompletionSource();
        await using var server = new ScriptedServer(async connection =>
        {
            // One at a time: whoever is served is served by the order that the session chose.
            await connection.AcceptAsync(new MqttConnAckPacket { ReceiveMaximum = 1 });
            await connection.GrantAsync(await connection.ReceiveAsync<MqttSubscribePacket>());
            await open.Task;
            await connection.AcknowledgeAsync(1);
            while (await connection.NextAsync() is { } packet)
            {
                if (packet is MqttPublishPacket publish)
                {
                    topics.Enqueue(publish.Topic);
                    await connection.AcknowledgeAsync(publish.PacketIdentifier);
                }
            }
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address), shared: 4);
        await Eventually.IsTrueAsync(() => fleet.Devices.All(device => device.ConnectedCount == 1));
        var sent = 0;
        while (fleet.Session.TryPublish(fleet.Device.Report("1")))
        {
            sent++;
        }

        // "online" has a place too.
        Assert.Equal(DeviceSession.Window - 1, sent);
        Assert.False(fleet.Session.CanPublish);
        foreach (var (device, session) in fleet.Devices.Zip(fleet.Sessions).Skip(1))
        {
            Assert.True(session.TryPublish(device.Report("1")));
        }

        open.SetResult();
        await Eventually.IsTrueAsync(() => fleet.Sessions.All(session => session.Outstanding == 0));
        var reports = topics.Where(topic => topic.EndsWith("/reported", StringComparison.Ordinal)).ToList();
        Assert.Equal(DeviceSession.Window - 1 + 3, reports.Count);
        Assert.Equal(4, reports.Take(4).Distinct().Count());
    }

    [Fact]
    public async Task The_server_s_window_holds_for_all_devices_together()
    {
        var unanswered = 0;
        var most = 0;
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(new MqttConnAckPacket { ReceiveMaximum = 10 });
            var waiting = new Queue<ushort>();
            while (await connection.NextAsync() is { } packet)
            {
                switch (packet)
                {
                    case MqttSubscribePacket subscribe:
                        await connection.GrantAsync(subscribe);
                        break;
                    case MqttPublishPacket publish:
                        waiting.Enqueue(publish.PacketIdentifier);
                        most = Math.Max(most, ++unanswered);
                        if (waiting.Count == 10)
                        {
                            while (waiting.TryDequeue(out var id))
                            {
                                unanswered--;
                                await connection.AcknowledgeAsync(id);
                            }
                        }

                        break;
                }
            }
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address), shared: 20);
        foreach (var (device, session) in fleet.Devices.Zip(fleet.Sessions))
        {
            session.Publish(device.Report("1"));
            session.Publish(device.Report("2"));
        }

        await Eventually.IsTrueAsync(() => fleet.Devices.Sum(device => device.DeliveredMessages.Count) == 60);
        Assert.Equal(10, most);
        Assert.All(fleet.Devices, device => Assert.Equal(["1", "2"], device.Acknowledged));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task All_devices_come_back_together_and_nothing_is_lost(int qos)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(broker.Address) with { QualityOfService = qos }, shared: 10);
        await Eventually.IsTrueAsync(() => fleet.Engine.Snapshot().Connected == 10);
        await broker.StopServerAsync();
        await Eventually.IsTrueAsync(() => fleet.Engine.Snapshot().Connected == 0);
        foreach (var (device, session) in fleet.Devices.Zip(fleet.Sessions))
        {
            Assert.False(session.TryPublish(device.Report("0")));
            session.Publish(device.Report("1"));
            session.Publish(device.Report("2"));
        }

        await broker.StartServerAsync();
        await Eventually.IsTrueAsync(() => fleet.Sessions.All(session => session.Outstanding == 0) && broker.Subscriptions.Count == 60);
        Assert.All(fleet.Devices, device =>
        {
            Assert.Equal(["1", "2"], broker.On(NativeTopics.Reported(device.Id)).Select(message => message.Payload));
            Assert.Equal(2, device.ConnectedCount);
        });
        Assert.Equal(1, fleet.Engine.Snapshot().LostConnections);
    }
}
