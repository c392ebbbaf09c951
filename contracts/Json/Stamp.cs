using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>
/// Where a message stands in its device's order. Stamps of one sort that the device gives are ordered; for all
/// other pairs nothing is known but which arrived later.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Stamp
{
    private readonly ulong _value;

    // A byte: with the flag beside it a stamp takes 24 bytes rather than 32.
    private readonly byte _sort;

    private Stamp(StampSort sort, long at, int epochOrdinal, ulong value, bool showsArrival = false)
    {
        ShowsArrival = showsArrival;
        _sort = (byte)sort;
        AtMilliseconds = at;
        EpochOrdinal = epochOrdinal;
        _value = value;
    }

    /// <summary>By what it is ordered.</summary>
    public StampSort Sort => (StampSort)_sort;

    /// <summary>When the message arrived, in Unix milliseconds.</summary>
    public long AtMilliseconds { get; }

    /// <summary>How many epochs the device had before this one; see <see cref="EpochHistory"/>.</summary>
    public int EpochOrdinal { get; }

    /// <summary>The sequence number of a sequenced stamp.</summary>
    public ulong Seq => Sort == StampSort.Sequenced ? _value : 0;

    /// <summary>The device's time of a timed stamp, in Unix microseconds.</summary>
    public long DeviceMicroseconds => Sort == StampSort.Timed ? unchecked((long)_value) : 0;

    /// <summary>
    /// Gets whether the last write had neither <c>seq</c> nor <c>ts</c>: the device's time is that of an earlier write and only guards the property.
    /// </summary>
    public bool ShowsArrival { get; }

    /// <summary>The time to show: the device's, if the last write has one; else when the message arrived.</summary>
    public DateTimeOffset Shown => Sort == StampSort.Timed && !ShowsArrival
        ? DateTimeOffset.UnixEpoch.AddTicks(DeviceMicroseconds * TimeSpan.TicksPerMicrosecond)
        : DateTimeOffset.FromUnixTimeMilliseconds(AtMilliseconds);

    /// <summary>Of a message without order of its own.</summary>
    public static Stamp Arrival(DateTimeOffset at) =>
        new(StampSort.Arrival, at.ToUnixTimeMilliseconds(), 0, 0);

    /// <summary>Of a message with a sequence number.</summary>
    /// <param name="at">When it arrived.</param>
    /// <param name="epochOrdinal">The ordinal of its epoch, see <see cref="EpochHistory.Resolve(ulong)"/>.</param>
    /// <param name="seq">Its number within the epoch.</param>
    public static Stamp Sequenced(DateTimeOffset at, int epochOrdinal, ulong seq) =>
        new(StampSort.Sequenced, at.ToUnixTimeMilliseconds(), epochOrdinal, seq);

    /// <summary>Of a message with a time of the device's.</summary>
    /// <param name="at">When it arrived.</param>
    /// <param name="deviceTime">What the device's clock said, kept to the microsecond.</param>
    public static Stamp Timed(DateTimeOffset at, DateTimeOffset deviceTime) => new(
        StampSort.Timed,
        at.ToUnixTimeMilliseconds(),
        0,
        unchecked((ulong)Math.DivRem(
            deviceTime.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond).Quotient));

    /// <summary>
    /// Whether a message with this stamp, arriving now, overwrites what a message with the other stamp wrote:
    /// strictly later in the device's order, or not comparable with it. An equal stamp is a duplicate.
    /// </summary>
    public bool Overwrites(in Stamp other) => !IsOrderedWith(other) || Compare(other) > 0;

    /// <summary>Whether the device's own order says that this stamp is strictly later than the other.</summary>
    internal bool IsLaterThan(in Stamp other) => IsOrderedWith(other) && Compare(other) > 0;

    /// <summary>Returns whether both are the same place in the device's order, so that one of the messages repeats the other.</summary>
    internal bool IsSamePlaceAs(in Stamp other) => IsOrderedWith(other) && Compare(other) == 0;

    /// <summary>This place in the device's order, for a later write that has none; its time of arrival is what is shown.</summary>
    internal Stamp ArrivedAt(in Stamp later) => new(Sort, later.AtMilliseconds, EpochOrdinal, _value, showsArrival: true);

    /// <summary>Writes the stamp as <c>at</c>, <c>[at,n,seq]</c>, <c>[at,µs]</c> or <c>[at,[µs]]</c>.</summary>
    internal void WriteTo(ref JsonOutput output)
    {
        if (Sort == StampSort.Arrival)
        {
            output.WriteNumber(AtMilliseconds);
            return;
        }

        output.Write('[');
        output.WriteNumber(AtMilliseconds);
        output.Write(',');
        if (Sort == StampSort.Sequenced)
        {
            output.WriteNumber((long)EpochOrdinal);
            output.Write(',');
            output.WriteNumber(Seq);
        }
        else if (ShowsArrival)
        {
            output.Write('[');
            output.WriteNumber(DeviceMicroseconds);
            output.Write(']');
        }
        else
        {
            output.WriteNumber(DeviceMicroseconds);
        }

        output.Write(']');
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote; null for anything else.</summary>
    internal static Stamp? Read(in JsonTape tape, int row)
    {
        if (tape.Kind(row) == JsonTokenType.Number)
        {
            return new Stamp(StampSort.Arrival, Int64(tape, row), 0, 0);
        }

        return (tape.Kind(row), tape.Kind(row) == JsonTokenType.StartArray ? tape.Children(row) : 0) switch
        {
            (JsonTokenType.StartArray, 3) => new Stamp(
                StampSort.Sequenced, Int64(tape, row + 1), (int)Int64(tape, row + 2), UInt64(tape, row + 3)),
            (JsonTokenType.StartArray, 2) when tape.Kind(row + 2) == JsonTokenType.StartArray => new Stamp(
                StampSort.Timed, Int64(tape, row + 1), 0, unchecked((ulong)Int64(tape, row + 3)), showsArrival: true),
            (JsonTokenType.StartArray, 2) => new Stamp(
                StampSort.Timed, Int64(tape, row + 1), 0, unchecked((ulong)Int64(tape, row + 2))),
            _ => null,
        };
    }

    private static long Int64(in JsonTape tape, int row) =>
        Utf8Parser.TryParse(tape.Value(row), out long value, out _) ? value : 0;

    private static ulong UInt64(in JsonTape tape, int row) =>
        Utf8Parser.TryParse(tape.Value(row), out ulong value, out _) ? value : 0;

    private bool IsOrderedWith(in Stamp other) => Sort == other.Sort && Sort != StampSort.Arrival;

    private int Compare(in Stamp other)
    {
        if (Sort == StampSort.Timed)
        {
            return DeviceMicroseconds.CompareTo(other.DeviceMicroseconds);
        }

        var epochs = EpochOrdinal.CompareTo(other.EpochOrdinal);
        return epochs != 0 ? epochs : Seq.CompareTo(other.Seq);
    }
}
