using System.Diagnostics;

namespace Twins.Benchmarks.Load;

/// <summary>
/// What a machine at a site reports: texts that many, few and no others share, and numbers that change with each message. Site and
/// kind follow from the device, so that it is known how many twins a filter holds for.
/// </summary>
internal sealed class FleetPayload() : LoadPayload(s_text)
{
    /// <summary>Sites, with as many devices each.</summary>
    public const int Sites = 1_000;

    /// <summary>The temperatures are 10.0 to 99.9, all of them as often, in tenths.</summary>
    public const int CoolestTenths = 100;

    /// <summary>How many temperatures there are.</summary>
    public const int Temperatures = 900;

    /// <summary>When the message was written, in Unix microseconds.</summary>
    public const string SentName = "sent";

    /// <summary>Digits of that, from 2001 to 2286.</summary>
    public const int SentDigits = 16;

    // Of one length, as all in here.
    private static readonly byte[][] s_kinds = ["crane"u8.ToArray(), "meter"u8.ToArray(), "mixer"u8.ToArray(), "truck"u8.ToArray(), "valve"u8.ToArray()];

    private static readonly byte[] s_text =
        """{"sent":0000000000000000,"site":"s000","kind":"meter","temp":00.0,"motor":{"rpm":1000,"on":true},"pressure":1013.2,"firmware":"2026.04.0","serial":"SN-0000000","position":{"lat":51.0000,"lon":4.0000},"state":"active","load":0.0}"""u8.ToArray();

    private static readonly int s_sentAt = After("\"sent\":"u8);
    private static readonly int s_siteAt = After("\"site\":\"s"u8);
    private static readonly int s_kindAt = After("\"kind\":\""u8);
    private static readonly int s_tempAt = After("\"temp\":"u8);
    private static readonly int s_rpmAt = After("\"rpm\":1"u8);
    private static readonly int s_firmwareAt = After("2026.04."u8);
    private static readonly int s_serialAt = After("SN-"u8);
    private static readonly int s_latitudeAt = After("\"lat\":51."u8);
    private static readonly int s_longitudeAt = After("\"lon\":4."u8);
    private static readonly int s_loadAt = After("\"load\":0."u8);

    /// <summary>How long it is.</summary>
    public static int Bytes => s_text.Length;

    /// <summary>The number of a device's site; the site is <c>s042</c>.</summary>
    public static int SiteOf(int device) => device % Sites;

    /// <summary>Now, in Unix microseconds: the clock that all processes of a machine have in common.</summary>
    public static long Now => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public override void Fill(Span<byte> payload, int device, uint value)
    {
        var place = Mix((uint)device);
        var state = Mix(place + value);
        var temperature = (uint)CoolestTenths + (state % Temperatures);
        s_kinds[(device + (device / Sites)) % s_kinds.Length].CopyTo(payload[s_kindAt..]);
        DecimalDigits.Write(payload.Slice(s_siteAt, 3), (uint)SiteOf(device));
        DecimalDigits.Write(payload.Slice(s_tempAt, 2), temperature / 10);
        DecimalDigits.Write(payload.Slice(s_tempAt + 3, 1), temperature);
        DecimalDigits.Write(payload.Slice(s_rpmAt, 3), state >> 12);
        DecimalDigits.Write(payload.Slice(s_firmwareAt, 1), place);
        DecimalDigits.Write(payload.Slice(s_serialAt, 7), (uint)device);
        DecimalDigits.Write(payload.Slice(s_latitudeAt, 4), place >> 4);
        DecimalDigits.Write(payload.Slice(s_longitudeAt, 4), place >> 8);
        DecimalDigits.Write(payload.Slice(s_loadAt, 1), state >> 8);
        // The last, so that it is as late as can be.
        DecimalDigits.Write(payload.Slice(s_sentAt, SentDigits), (ulong)Now);
    }

    private static int After(ReadOnlySpan<byte> name)
    {
        var at = s_text.AsSpan().IndexOf(name);
        Debug.Assert(at >= 0);
        return at + name.Length;
    }

    /// <summary>Numbers that look like chance, the same every time (the finalizer of MurmurHash3, by Austin Appleby).</summary>
    private static uint Mix(uint value)
    {
        value = (value ^ (value >> 16)) * 0x85EBCA6B;
        value = (value ^ (value >> 13)) * 0xC2B2AE35;
        return value ^ (value >> 16);
    }
}
