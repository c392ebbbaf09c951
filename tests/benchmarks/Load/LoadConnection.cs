using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Twins.Benchmarks.Load;

/// <summary>
/// One MQTT connection that publishes as fast as it is acknowledged, with a fixed number of messages in flight.
/// Packets are written and read by hand: a general client would cost more than the server that is measured.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private const byte ConnAck = 2;
    private const byte PubAck = 4;
    private const byte PubRec = 5;
    private const byte PubComp = 7;
    private const byte PingResp = 13;
    private static readonly byte[] s_pingReq = [0xC0, 0];

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly LoadPlan _plan;
    private readonly LoadPacket _packet;
    private readonly byte[] _incoming;
    private readonly byte[] _outgoing;
    // A packet identifier is a slot and one.
    private readonly long[] _sentAt;
    private readonly Stack<ushort> _free = new();
    private int _received;
    private int _written;
    private uint _value;

    public LoadConnection(LoadPlan plan, LoadPacket packet)
    {
        _plan = plan;
        _packet = packet;
        _sentAt = new long[plan.InFlight];
        // An acknowledgement of MQTT 5 may bring a reason in words.
        _incoming = new byte[4096];
        // PUBLISH for each slot, or PUBREL (4 bytes) for each, and a PINGREQ.
        _outgoing = new byte[(plan.InFlight * (packet.Length + 4)) + s_pingReq.Length];
        for (var slot = plan.InFlight - 1; slot >= 0; slot--)
        {
            _free.Push((ushort)slot);
        }
    }

    /// <summary>Connects; returns with the CONNACK.</summary>
    public async Task Open(int number)
    {
        await _socket.ConnectAsync(IPAddress.Loopback, _plan.Port);
        await _socket.SendAsync(Connect($"bench-{Environment.ProcessId}-{number}"));
        while (Take() is not (ConnAck, _))
        {
            await Receive();
        }
    }

    /// <summary>Publishes for the devices in turn; returns when all is acknowledged.</summary>
    /// <param name="count">How many messages; it ends before where the round ends.</param>
    /// <param name="pace">How many a second, or as many as are acknowledged.</param>
    public async Task Run(LoadRound round, IReadOnlyList<int> devices, long count, LoadPace? pace)
    {
        long sent = 0;
        long done = 0;
        while (true)
        {
            var due = Math.Min(count, pace?.Due ?? count);
            sent += _plan.Qos == 0 ? WriteBatch(round, devices, sent, due, done) : WriteFree(round, devices, sent, due);
            await Send();
            if (done == sent)
            {
                if (pace is null || round.Ended || sent == count)
                {
                    round.Completed(sent);
                    return;
                }

                await pace.Wait(sent);
                continue;
            }

            await Receive();
            while (Take() is var (type, id) && type != 0)
            {
                done += Handle(round, type, id, sent - done);
            }
        }
    }

    /// <summary>Closes it without a word, as a cable does that is pulled.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>QoS 1 and 2: a message into each free slot.</summary>
    private long WriteFree(LoadRound round, IReadOnlyList<int> devices, long sent, long count)
    {
        var written = 0;
        while (_free.Count > 0 && sent + written < count && !round.Ended)
        {
            var slot = _free.Pop();
            _sentAt[slot] = Stopwatch.GetTimestamp();
            Write(devices[(int)((sent + written++) % devices.Count)], (ushort)(slot + 1));
        }

        return written;
    }

    /// <summary>
    /// QoS 0: as many messages as may be in flight, and a PINGREQ behind them. A server answers packets in order, so
    /// its PINGRESP says that it has taken them.
    /// </summary>
    private long WriteBatch(LoadRound round, IReadOnlyList<int> devices, long sent, long count, long done)
    {
        if (done != sent || sent == count || round.Ended)
        {
            return 0;
        }

        var batch = (int)Math.Min(_plan.InFlight, count - sent);
        _sentAt[0] = Stopwatch.GetTimestamp();
        for (var i = 0; i < batch; i++)
        {
            Write(devices[(int)((sent + i) % devices.Count)], 0);
        }

        s_pingReq.CopyTo(_outgoing, _written);
        _written += s_pingReq.Length;
        return batch;
    }

    private void Write(int device, ushort id)
    {
        _packet.Write(_outgoing.AsSpan(_written), device, id, _value++);
        _written += _packet.Length;
    }

    /// <summary>How many messages a packet acknowledges for good.</summary>
    private int Handle(LoadRound round, byte type, ushort id, long inFlight)
    {
        switch (type)
        {
            case PubRec:
                _outgoing[_written] = 0x62; // PUBREL
                _outgoing[_written + 1] = 2;
                BinaryPrimitives.WriteUInt16BigEndian(_outgoing.AsSpan(_written + 2), id);
                _written += 4;
                return 0;
            case PubAck or PubComp:
                var slot = (ushort)(id - 1);
                round.Acknowledged(_sentAt[slot], 1);
                _free.Push(slot);
                return 1;
            case PingResp:
                round.Acknowledged(_sentAt[0], (int)inFlight);
                return (int)inFlight;
            default:
                throw new InvalidOperationException($"the server sent a packet of type {type}, which nobody asked for");
        }
    }

    /// <summary>The next packet that has come whole: its type and what may be a packet identifier; type 0 where there is none.</summary>
    private (byte Type, ushort Id) Take()
    {
        var packet = _incoming.AsSpan(0, _received);
        var length = 0;
        var at = 1;
        for (var shift = 0; ; shift += 7, at++)
        {
            if (at >= packet.Length)
            {
                return (0, 0);
            }

            length |= (packet[at] & 0x7F) << shift;
            if ((packet[at] & 0x80) == 0)
            {
                at++;
                break;
            }
        }

        if (at + length > packet.Length)
        {
            return (0, 0);
        }

        var type = (byte)(packet[0] >> 4);
        var body = packet.Slice(at, length);
        // MQTT 5: a reason code follows the identifier unless it is 0; in CONNACK it is the second byte.
        var reason = type is PubAck or PubRec or PubComp && body.Length > 2 ? body[2] : type == ConnAck ? body[1] : 0;
        if (type == 14 || reason >= 0x80 || (type == ConnAck && reason != 0))
        {
            throw new InvalidOperationException($"the server refuses: packet type {type}, reason 0x{reason:X2}, {Encoding.UTF8.GetString(body)}");
        }

        var id = body.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(body) : (ushort)0;
        packet[(at + length)..].CopyTo(_incoming);
        _received -= at + length;
        return (type, id);
    }

    private async ValueTask Receive()
    {
        var count = await _socket.ReceiveAsync(_incoming.AsMemory(_received));
        _received += count > 0 ? count : throw new InvalidOperationException("the server has closed a connection");
    }

    private async ValueTask Send()
    {
        for (var sent = 0; sent < _written;)
        {
            sent += await _socket.SendAsync(_outgoing.AsMemory(sent, _written - sent));
        }

        _written = 0;
    }

    /// <summary>A clean session, without keep-alive: a benchmark's connection is never silent for long, and never lasts.</summary>
    private byte[] Connect(string clientId)
    {
        using var body = new MemoryStream();
        body.Write([0, 4, .. "MQTT"u8, (byte)(_plan.IsMqtt5 ? 5 : 4), 0b10, 0, 0]);
        if (_plan.IsMqtt5)
        {
            body.WriteByte(0);
        }

        body.Write([0, (byte)clientId.Length, .. Encoding.ASCII.GetBytes(clientId)]);
        using var packet = new MemoryStream();
        packet.WriteByte(0x10);
        LoadPacket.WriteLength(packet, (int)body.Length);
        body.WriteTo(packet);
        return packet.ToArray();
    }
}
