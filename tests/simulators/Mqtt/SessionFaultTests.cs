using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;
using Xunit;

namespace Twins.Simulators.Tests.Mqtt;

public sealed class SessionFaultTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restart_drops_the_connection_without_a_word_and_pauses()
    {
        var ends = new ConcurrentQueue<MqttPacket?>();
        var time = new FakeTimeProvider();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync();
            MqttPacket? last = null;
            while (await connection.NextAsync() is { } packet)
            {
                last = packet;
                if (packet is MqttPublishPacket publish)
                {
                    await connection.AcknowledgeAsync(publish.PacketIdentifier);
                }
            }

            ends.Enqueue(last);
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with { Time = time });
        await Eventually.IsTrueAsync(() => fleet.Device.DeliveredMessages.Count == 1);
        fleet.Session.Restart(Long);
        await Eventually.IsTrueAsync(() => !ends.IsEmpty && fleet.Engine.Snapshot().Connected == 0);
        Assert.IsNotType<MqttDisconnectPacket>(Assert.Single(ends));
        time.Advance(Long - TimeSpan.FromSeconds(1));
        Assert.Equal(1, server.Count);
        await Eventually.IsTrueAsync(time, TimeSpan.FromMilliseconds(500), () => fleet.Device.ConnectedCount == 2);
        Assert.InRange(time.GetUtcNow() - time.Start, Long, Long + TimeSpan.FromMinutes(1));
        Assert.Equal((0, 0), (fleet.Engine.Snapshot().LostConnections, fleet.Engine.Snapshot().Errors));
    }

    [Fact]
    public async Task A_restart_while_offline_keeps_the_device_offline_for_so_long()
    {
        var time = new FakeTimeProvider();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync();
            await connection.ServeAsync();
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with { Time = time }, start: false);
        fleet.Session.Restart(Long);
        fleet.Engine.Start();
        time.Advance(Long - TimeSpan.FromSeconds(1));
        Assert.Equal(0, server.Count);
        await Eventually.IsTrueAsync(time, TimeSpan.FromMilliseconds(500), () => fleet.Device.ConnectedCount == 1);
    }

    [Fact]
    public async Task A_slow_reader_takes_its_time_for_each_message_and_pushes_back()
    {
        var time = new FakeTimeProvider();
        var sent = 0;
        var acknowledged = 0;
        var payload = new byte[64 * 1024];
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync();
            var answering = CountAcknowledgementsAsync(connection);
            for (ushort id = 1; id <= 200; id++)
            {
                await connection.SendAsync(new MqttPublishPacket
                {
                    Topic = NativeTopics.Desired("sim:probe-1"),
                    PacketIdentifier = id,
                    PayloadSegment = payload,
                    QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                });
                Interlocked.Increment(ref sent);
            }

            await answering;
        });
        async Task CountAcknowledgementsAsync(ScriptedConnection connection)
        {
            while (await connection.NextAsync() is { } packet)
            {
                if (packet is MqttPubAckPacket)
                {
                    Interlocked.Increment(ref acknowledged);
                }
            }
        }

        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with { Time = time, KeepAlive = TimeSpan.Zero, AcknowledgeTimeout = Long }, start: false);
        fleet.Session.Slow(TimeSpan.FromSeconds(10));
        fleet.Engine.Start();

        // 12 MB fit neither into the socket's buffers nor into the device, so the server comes to a stop.
        var before = -1;
        await Eventually.IsTrueAsync(() => sent > 0 && Interlocked.Exchange(ref before, sent) == sent);
        Assert.InRange(sent, 1, 199);
        Assert.Empty(fleet.Device.Messages);
        await Eventually.IsTrueAsync(time, TimeSpan.FromSeconds(1), () => fleet.Device.Messages.Count == 1);
        Assert.Single(fleet.Device.Messages);
        await Eventually.IsTrueAsync(time, TimeSpan.FromSeconds(1), () => fleet.Device.Messages.Count == 3);
        await Eventually.IsTrueAsync(() => acknowledged == 3);
        Assert.InRange(time.GetUtcNow() - time.Start, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90));
        fleet.Session.Slow(TimeSpan.Zero);
        await Eventually.IsTrueAsync(() => acknowledged == 200 && fleet.Device.Messages.Count == 200);
        Assert.Empty(fleet.Said);
    }

    [Fact]
    public async Task What_a_slow_reader_has_not_read_is_not_the_server_s_silence()
    {
        var time = new FakeTimeProvider();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync();
            await connection.SendAsync(new MqttPublishPacket { Topic = NativeTopics.Desired("sim:probe-1") });
            await connection.ServeAsync();
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with { Time = time }, start: false);
        fleet.Session.Slow(Long);
        fleet.Engine.Start();
        await Eventually.IsTrueAsync(() => fleet.Engine.Snapshot().Connected == 1 && fleet.Session.Outstanding == 1);
        fleet.Session.Publish(fleet.Device.Report("1"));
        for (var second = 0; second < 200; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, fleet.Engine.Snapshot().Connected);
        fleet.Session.Slow(TimeSpan.Zero);
        await Eventually.IsTrueAsync(() => fleet.Session.Outstanding == 0);
        Assert.Equal(1, server.Count);
        Assert.Empty(fleet.Said);
    }

    [Fact]
    public async Task A_frozen_connection_says_nothing_until_it_is_superseded()
    {
        var time = new FakeTimeProvider();
        var reported = new TaskCompletionSource();
        var frozen = new TaskCompletionSource();
        var before = new ConcurrentQueue<MqttPacket>();
        var first = new TaskCompletionSource<long>();
        var second = new TaskCompletionSource<long>();
        await using var server = new ScriptedServer(async connection =>
        {
            var connect = await connection.ReceiveAsync<MqttConnectPacket>();
            if (connection.Number == 2)
            {
                second.SetResult(Stopwatch.GetTimestamp());

                // The session was not ended, so the old socket is still open on both sides.
                Assert.False(connect.CleanSession);
                Assert.False(first.Task.IsCompleted);
                await connection.SendAsync(new MqttConnAckPacket { IsSessionPresent = true });
                await connection.ServeAsync();
                return;
            }

            await connection.SendAsync(new MqttConnAckPacket());
            await connection.GrantAsync(await connection.ReceiveAsync<MqttSubscribePacket>());
            await connection.AcknowledgeAsync((await connection.PublishedAsync("/connection")).PacketIdentifier);
            var waiting = await connection.PublishedAsync("/reported");
            reported.SetResult();
            await frozen.Task;
            await connection.AcknowledgeAsync(waiting.PacketIdentifier);
            await connection.SendAsync(new MqttPublishPacket { Topic = NativeTopics.Desired("sim:probe-1"), PacketIdentifier = 1, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce });
            while (await connection.NextAsync() is { } packet)
            {
                before.Enqueue(packet);
            }

            first.SetResult(Stopwatch.GetTimestamp());
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with { Time = time });
        await Eventually.IsTrueAsync(() => fleet.Device.DeliveredMessages.Count == 1);
        fleet.Session.Publish(fleet.Device.Report("1"));
        await Eventually.IsTrueAsync(() => reported.Task.IsCompleted);
        fleet.Session.Freeze(Long);
        frozen.SetResult();
        fleet.Session.Publish(fleet.Device.Report("2"));
        Assert.True(fleet.Session.TryPublish(fleet.Device.Report("3")));
        for (var minute = 0; minute < 9; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, server.Count);
        Assert.Equal(3, fleet.Session.Outstanding);
        await Eventually.IsTrueAsync(time, TimeSpan.FromSeconds(10), () => fleet.Session.Outstanding == 0);
        await Eventually.IsTrueAsync(() => first.Task.IsCompleted);
        Assert.Empty(before);
        Assert.True(await second.Task < await first.Task);
        Assert.Equal(["1", "2", "3"], fleet.Device.Acknowledged);
        Assert.Empty(fleet.Device.Messages);
        Assert.Equal((2, 0), (fleet.Engine.Snapshot().Connects, fleet.Engine.Snapshot().LostConnections));
        Assert.Empty(fleet.Said);
    }

    [Fact]
    public async Task The_end_of_a_run_ends_a_freeze_and_what_waited_is_sent()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(broker.Address), shared: 3);
        await Eventually.IsTrueAsync(() => fleet.Sessions.All(session => session.Outstanding == 0) && fleet.Engine.Snapshot().Connected == 3);
        fleet.Session.Freeze(Long);
        fleet.Sessions[2].Publish(fleet.Devices[2].Report("1"));
        await fleet.Engine.StopAsync(Cancel);
        Assert.Equal(["1"], broker.On(NativeTopics.Reported("sim:probe-3")).Select(message => message.Payload));
        Assert.All(fleet.Devices, device => Assert.Equal("offline", broker.On(NativeTopics.Connection(device.Id))[^1].Payload));
        Assert.True(fleet.Engine.Snapshot().Succeeded);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_message_sent_twice_has_one_identifier_and_is_delivered_once(int qos)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(broker.Address) with { QualityOfService = qos });
        for (var number = 1; number <= 100; number++)
        {
            fleet.Session.Publish(fleet.Device.Report(number.ToString(System.Globalization.CultureInfo.InvariantCulture), twice: number % 2 == 0));
            await Eventually.IsTrueAsync(() => fleet.Session.Outstanding < 10);
        }

        await Eventually.IsTrueAsync(() => fleet.Session.Outstanding == 0);
        Assert.Equal(Enumerable.Range(1, 100).Select(number => $"{number}"), fleet.Device.Acknowledged);
        var seen = broker.On(NativeTopics.Reported("sim:probe-1"));
        Assert.Equal(150, seen.Count);
        Assert.Equal(Enumerable.Range(1, 100).SelectMany(number => Enumerable.Repeat($"{number}", number % 2 == 0 ? 2 : 1)), seen.Select(message => message.Payload));
        Assert.Equal(50, seen.Count(message => message.Dup));
        Assert.Empty(fleet.Said);
    }

    [Fact]
    public async Task The_second_acknowledgement_of_a_duplicate_is_not_taken_for_another_message_s()
    {
        var late = new TaskCompletionSource();
        var ids = new ConcurrentQueue<(ushort Id, bool Dup)>();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync();
            await connection.AcknowledgeAsync((await connection.PublishedAsync("/connection")).PacketIdentifier);
            var one = await connection.PublishedAsync("/reported");
            var two = await connection.PublishedAsync("/reported");
            ids.Enqueue((one.PacketIdentifier, one.Dup));
            ids.Enqueue((two.PacketIdentifier, two.Dup));
            await connection.AcknowledgeAsync(one.PacketIdentifier);

            // As many as there are identifiers: the one that is still awaited must be passed over.
            for (var count = 0; count < ushort.MaxValue; count++)
            {
                var publish = await connection.PublishedAsync("/reported");
                Assert.NotEqual(one.PacketIdentifier, publish.PacketIdentifier);
                await connection.AcknowledgeAsync(publish.PacketIdentifier);
            }

            await late.Task;
            await connection.AcknowledgeAsync(one.PacketIdentifier);
            await connection.ServeAsync();
        });

        // The identifier is free after this time, and 65,535 messages take a busy machine longer than the default.
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with { AcknowledgeTimeout = TimeSpan.FromHours(1) });
        await Eventually.IsTrueAsync(() => fleet.Device.DeliveredMessages.Count == 1);
        fleet.Session.Publish(fleet.Device.Report("0", twice: true));
        await Eventually.IsTrueAsync(() => fleet.Device.DeliveredMessages.Count == 2);
        for (var count = 0; count < ushort.MaxValue; count++)
        {
            while (!fleet.Session.TryPublish(fleet.Device.Report("1")))
            {
                await Task.Yield();
            }
        }

        await Eventually.IsTrueAsync(() => fleet.Session.Outstanding == 0);
        late.SetResult();
        Assert.Equal([(ids.First().Id, false), (ids.First().Id, true)], ids);
        fleet.Session.Publish(fleet.Device.Report("2"));
        await Eventually.IsTrueAsync(() => fleet.Session.Outstanding == 0);
        Assert.Equal(ushort.MaxValue + 3, fleet.Device.DeliveredMessages.Count);
    }
}
