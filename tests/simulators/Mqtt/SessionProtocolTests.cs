using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;
using Xunit;

namespace Twins.Simulators.Tests.Mqtt;

/// <summary>What MQTT asks of a client, against servers that do each thing at the least convenient moment.</summary>
public sealed class SessionProtocolTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_not_acknowledged_goes_out_again_in_order(bool resumed)
    {
        var first = new ConcurrentQueue<MqttPublishPacket>();
        var second = new ConcurrentQueue<MqttPublishPacket>();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(new MqttConnAckPacket { IsSessionPresent = resumed && connection.Number > 1, ReceiveMaximum = (ushort)(connection.Number == 1 ? 0 : 3) });
            if (connection.Number == 1)
            {
                while (first.Count < 6)
                {
                    first.Enqueue(await connection.ReceiveAsync<MqttPublishPacket>());
                }

                // Out of order, as brokers do: the second one only.
                await connection.AcknowledgeAsync(first.ElementAt(1).PacketIdentifier);
                Assert.Null(await connection.NextAsync());
                return;
            }

            while (await connection.NextAsync() is { } packet)
            {
                if (packet is MqttPublishPacket publish)
                {
                    second.Enqueue(publish);
                    await connection.AcknowledgeAsync(publish.PacketIdentifier);
                }
            }
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address));
        for (var number = 1; number <= 5; number++)
        {
            fleet.Session.Publish(fleet.Device.Report($"{number}"));
        }

        await Eventually.IsTrueAsync(() => fleet.Device.DeliveredMessages.Count == 1);

        // The acknowledgement is in; now the connection may go.
        fleet.Session.Restart(TimeSpan.FromMilliseconds(20));
        await Eventually.IsTrueAsync(() => fleet.Session.Outstanding == 0 && fleet.Device.ConnectedCount == 2);
        var expected = first.Where((_, index) => index != 1).ToList();
        var again = second.Take(5).ToList();
        Assert.Equal(expected.Select(Text), again.Select(Text));
        Assert.All(again, publish => Assert.Equal(resumed, publish.Dup));
        if (resumed)
        {
            Assert.Equal(expected.Select(publish => publish.PacketIdentifier), again.Select(publish => publish.PacketIdentifier));
        }

        Assert.Equal(5, fleet.Engine.Snapshot().Resent);
    }

    [Fact]
    public async Task A_resumed_session_goes_on_with_the_second_half_of_qos_2()
    {
        var again = new TaskCompletionSource<MqttPacket?>();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(new MqttConnAckPacket { IsSessionPresent = connection.Number > 1 });
            if (connection.Number == 1)
            {
                await connection.GrantAsync(await connection.ReceiveAsync<MqttSubscribePacket>());
                var online = await connection.ReceiveAsync<MqttPublishPacket>();
                await connection.SendAsync(new MqttPubRecPacket { PacketIdentifier = online.PacketIdentifier });
                await connection.ReceiveAsync<MqttPubRelPacket>();
                return;
            }

            var packet = await connection.NextAsync();
            await connection.SendAsync(new MqttPubCompPacket { PacketIdentifier = ((MqttPubRelPacket)packet!).PacketIdentifier });
            again.SetResult(packet);
            await connection.ServeAsync();
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with { QualityOfService = 2 });
        Assert.IsType<MqttPubRelPacket>(await again.Task.WaitAsync(TestContext.Current.CancellationToken));
        await Eventually.IsTrueAsync(() => fleet.Session.Outstanding == 0);
        Assert.Equal(2, fleet.Engine.Snapshot().Acknowledged);
    }

    [Fact]
    public async Task What_a_server_may_have_forgotten_between_the_halves_of_qos_2_is_sent_anew()
    {
        var payloads = new ConcurrentQueue<(string Topic, bool Dup)>();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync();
            if (connection.Number == 1)
            {
                var report = await connection.PublishedAsync("/reported");
                await connection.SendAsync(new MqttPubRecPacket { PacketIdentifier = report.PacketIdentifier });
                await connection.ReceiveAsync<MqttPubRelPacket>();
                return;
            }

            while (await connection.NextAsync() is { } packet)
            {
                switch (packet)
                {
                    case MqttPublishPacket publish:
                        payloads.Enqueue((publish.Topic, publish.Dup));
                        await connection.SendAsync(new MqttPubRecPacket { PacketIdentifier = publish.PacketIdentifier });
                        break;
                    case MqttPubRelPacket release:
                        await connection.SendAsync(new MqttPubCompPacket { PacketIdentifier = release.PacketIdentifier });
                        break;
                }
            }
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with { QualityOfService = 2 });
        fleet.Session.Publish(fleet.Device.Report("1"));
        await Eventually.IsTrueAsync(() => fleet.Device.Acknowledged.Any());
        Assert.Contains((NativeTopics.Reported("sim:probe-1"), false), payloads);
        await Eventually.IsTrueAsync(() => fleet.Session.Outstanding == 0);
        Assert.Equal(fleet.Engine.Snapshot().Published, fleet.Engine.Snapshot().Acknowledged);
        Assert.Equal(["1"], fleet.Device.Acknowledged);
    }

    [Fact]
    public async Task A_session_that_was_left_before_it_was_subscribed_with_is_subscribed_with()
    {
        var subscribed = new TaskCompletionSource();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(new MqttConnAckPacket { IsSessionPresent = connection.Number > 1 });
            var subscribe = await connection.ReceiveAsync<MqttSubscribePacket>();
            if (connection.Number == 1)
            {
                return;
            }

            await connection.GrantAsync(subscribe);
            subscribed.SetResult();
            await connection.ServeAsync();
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address));
        await subscribed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(MqttPubAckReasonCode.QuotaExceeded, true)]
    [InlineData(MqttPubAckReasonCode.NotAuthorized, true)]
    [InlineData(MqttPubAckReasonCode.NoMatchingSubscribers, false)]
    [InlineData(MqttPubAckReasonCode.Success, false)]
    public async Task A_refusal_is_known_when_the_device_is_told(MqttPubAckReasonCode code, bool refused)
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync();
            var report = await connection.PublishedAsync("/reported");
            await connection.SendAsync(new MqttPubAckPacket { PacketIdentifier = report.PacketIdentifier, ReasonCode = code });
            await connection.ServeAsync();
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address));
        fleet.Session.Publish(fleet.Device.Report("1"));
        await Eventually.IsTrueAsync(() => fleet.Device.Acknowledged.Any());
        Assert.Equal(refused, fleet.Device.DeliveredMessages.Single(message => message.Topic.EndsWith("/reported", StringComparison.Ordinal)).Refused);
        Assert.Equal(refused ? 1 : 0, fleet.Engine.Snapshot().Refused);
        Assert.Equal(refused ? 1 : 0, fleet.Said.Count);
    }

    [Fact]
    public async Task The_first_half_of_qos_2_can_be_refused_too()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            if (connection.Number > 1)
            {
                // It comes back at its end with what was not acknowledged, and may go before it has said so.
                return;
            }

            await connection.AcceptAsync();
            var report = await connection.PublishedAsync("/reported");
            await connection.SendAsync(new MqttPubRecPacket { PacketIdentifier = report.PacketIdentifier, ReasonCode = MqttPubRecReasonCode.PayloadFormatInvalid });
            while (await connection.NextAsync() is { } packet)
            {
                Assert.IsNotType<MqttPubRelPacket>(packet);
            }
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with { QualityOfService = 2 });
        fleet.Session.Publish(fleet.Device.Report("1"));
        await Eventually.IsTrueAsync(() => fleet.Device.DeliveredMessages.Any(message => message.Refused));
        Assert.Equal(1, fleet.Engine.Snapshot().Refused);
        fleet.Session.Restart(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_packet_that_the_server_would_not_take_is_refused_here()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(new MqttConnAckPacket { MaximumPacketSize = 200 });
            await connection.ServeAsync();
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address));
        fleet.Session.Publish(fleet.Device.Report(new string('7', 200)));
        fleet.Session.Publish(fleet.Device.Report("1"));
        await Eventually.IsTrueAsync(() => fleet.Device.Acknowledged.Count() == 2);
        Assert.Equal([false, true], fleet.Device.DeliveredMessages.Where(message => message.Topic.EndsWith("/reported", StringComparison.Ordinal)).Select(message => message.Refused).Order());
        Assert.Equal([$"{server.Address} refused a message on twins/sim:probe-1/reported: PacketTooLarge, it takes packets of 200 bytes at most"], fleet.Said);
        Assert.Equal(1, server.Count);
        await Eventually.IsTrueAsync(() => fleet.Session.Outstanding == 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task A_quiet_connection_is_pinged_and_a_dead_one_is_left(int qos)
    {
        var time = new FakeTimeProvider();
        var pings = 0;
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(new MqttConnAckPacket { ServerKeepAlive = 20 });
            while (await connection.NextAsync() is { } packet)
            {
                switch (packet)
                {
                    case MqttSubscribePacket subscribe:
                        await connection.GrantAsync(subscribe);
                        break;
                    case MqttPublishPacket { PacketIdentifier: > 0 } publish:
                        await connection.AcknowledgeAsync(publish.PacketIdentifier);
                        break;
                    case MqttPingReqPacket when Interlocked.Increment(ref pings) <= 2:
                        await connection.SendAsync(MqttPingRespPacket.Instance);
                        break;
                }
            }
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with { Time = time, QualityOfService = qos });
        await Eventually.IsTrueAsync(() => fleet.Device.DeliveredMessages.Count == 1);
        var published = 0;
        await Eventually.IsTrueAsync(() =>
        {
            if (qos == 0 && fleet.Session.TryPublish(fleet.Device.Report("1")))
            {
                // Who only sends must notice too.
                published++;
            }

            time.Advance(TimeSpan.FromSeconds(1));
            return pings == 3;
        });
        Assert.InRange(time.GetUtcNow() - time.Start, TimeSpan.FromSeconds(48), TimeSpan.FromHours(1));
        Assert.Empty(fleet.Said);
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return fleet.Device.ConnectedCount == 2;
        });
        Assert.Contains($"{server.Address} does not answer pings; connecting anew", fleet.Said);
        Assert.Equal(qos == 0, published > 0);
    }

    [Fact]
    public async Task A_server_that_does_not_acknowledge_is_left_and_the_message_sent_again()
    {
        var time = new FakeTimeProvider();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync();
            if (connection.Number > 1)
            {
                await connection.ServeAsync();
            }

            while (await connection.NextAsync() is { } packet)
            {
                if (packet is MqttPingReqPacket)
                {
                    await connection.SendAsync(MqttPingRespPacket.Instance);
                }
            }
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with { Time = time });
        fleet.Session.Publish(fleet.Device.Report("1"));
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return fleet.Device.Acknowledged.Any();
        });
        Assert.Contains($"{server.Address} did not acknowledge a message within 30 s; connecting anew", fleet.Said);
    }

    [Fact]
    public async Task At_qos_0_what_could_not_be_sent_is_sent_on_the_next_connection()
    {
        var received = new ConcurrentQueue<string>();
        var jammed = new TaskCompletionSource();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync();
            if (connection.Number == 1)
            {
                // Not read any more, so that sends wait.
                await jammed.Task;
                return;
            }

            while (await connection.NextAsync() is { } packet)
            {
                if (packet is MqttPublishPacket publish)
                {
                    received.Enqueue(Text(publish)[..1]);
                }
            }
        });
        await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address) with { QualityOfService = 0 });
        await Eventually.IsTrueAsync(() => fleet.Device.ConnectedCount == 1);
        var big = new string('1', 512 << 10);
        for (var number = 1; number <= 9; number++)
        {
            fleet.Session.Publish(fleet.Device.Report(number + big));
        }

        await Eventually.IsTrueAsync(() => fleet.Session.Outstanding is > 0 and < 10);
        jammed.SetResult();
        await Eventually.IsTrueAsync(() => fleet.Session.Outstanding == 0);
        await Eventually.IsTrueAsync(() => received.LastOrDefault() == "9" || received.Contains("9"));
        var reports = received.Where(text => text != "o").ToList();
        Assert.Equal(reports.Order(StringComparer.Ordinal), reports);
        Assert.Equal(9, fleet.Device.Acknowledged.Count());
    }

    [Fact]
    public async Task Nothing_that_fails_goes_unobserved()
    {
        var unobserved = new ConcurrentQueue<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs args) => unobserved.Enqueue(args.Exception);
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await using (var server = new ScriptedServer(async connection =>
            {
                await connection.AcceptAsync();

                // Closed with what was sent still unread, so that the next send is reset in the middle.
                await Task.Yield();
            }))
            {
                await using var fleet = new ProbeFleet(ProbeFleet.Quick(server.Address), shared: 20);
                await Eventually.IsTrueAsync(() =>
                {
                    foreach (var (device, session) in fleet.Devices.Zip(fleet.Sessions))
                    {
                        session.TryPublish(device.Report(new string('1', 100_000)));
                    }

                    return server.Count > 30;
                });
            }

            for (var round = 0; round < 3; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            // The brokers of tests that run beside this one leave some of their own.
            Assert.DoesNotContain(unobserved, exception => exception.ToString() is var text
                && text.Contains("MQTTnet", StringComparison.Ordinal) && !text.Contains("MQTTnet.Server", StringComparison.Ordinal));
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }
    }

    private static string Text(MqttPublishPacket publish) => System.Text.Encoding.UTF8.GetString(publish.Payload.ToArray());
}
