using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Contracts;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;
using Twins.Contracts.Twins;

namespace Twins.Api.Twins;

/// <summary>
/// Where the next page of a query starts. The token holds all that the page needs, so that any process can answer it at any time:
/// a hash of filter and sort, the time that relative times refer to, and the twin to start behind with what it was sorted by. It is no
/// secret and no key to anything: one that somebody made up starts somewhere else, or is refused.
/// </summary>
internal static class FleetCursor
{
    private const int HashBytes = 8;

    /// <summary>Stands in place of <see cref="SortValueKind.Number"/> for an integer that is no double: its remainder follows the double.</summary>
    private const byte Integer = 0x80;

    /// <summary>Clocks of two processes may differ; a time further ahead was never given out, and might be more than can be added to.</summary>
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(1);

    /// <summary>
    /// Makes the token of the page that starts behind a twin. Of each of at most four texts it has what twins are sorted by, a KiB at most
    /// (<see cref="TextOrder.SortedCharacters"/>), so that it is never longer than <see cref="Cursor.MaxLength"/>.
    /// </summary>
    public static string Encode(FleetQuery query, FoundTwin next)
    {
        var position = new ArrayBufferWriter<byte>();
        position.Write(Hash(query));
        WriteNumber(position, query.Now.ToUnixTimeMilliseconds());
        WriteText(position, next.Id);
        foreach (var value in next.Keys)
        {
            position.Write([value.Remainder == 0 ? (byte)value.Kind : Integer]);
            if (value.Remainder != 0)
            {
                QueryNumber.Of(value.Number, value.Remainder).WriteTo(position.GetSpan(QueryNumber.Bytes));
                position.Advance(QueryNumber.Bytes);
            }
            else if (value.Kind is SortValueKind.Number or SortValueKind.Time)
            {
                WriteNumber(position, BitConverter.DoubleToInt64Bits(value.Number));
            }
            else if (value.Kind == SortValueKind.Text)
            {
                WriteText(position, value.Text!);
            }
        }

        return Cursor.Encode(Cursor.Found, position.WrittenSpan);
    }

    /// <summary>Puts a query where a token says; a missing one is the start.</summary>
    public static bool TryResume(string? token, FleetQuery query, SortKey[] keys, out FleetQuery resumed, out Problem? problem)
    {
        resumed = query;
        problem = null;
        if (string.IsNullOrEmpty(token))
        {
            return true;
        }

        if (!Cursor.TryUnwrap(Cursor.Found, token, out var position, out problem))
        {
            return false;
        }

        if (position.Length > HashBytes && !position.AsSpan(0, HashBytes).SequenceEqual(Hash(query)))
        {
            problem = RequestProblems.CursorOfAnother(token);
            return false;
        }

        var reader = new Reader(position.AsSpan(Math.Min(HashBytes, position.Length)));
        if (!reader.TryNumber(out var now)
            || now < 0
            || now > (query.Now + MostAhead).ToUnixTimeMilliseconds()
            || !reader.TryText(out var id)
            || !TwinId.IsValid(id)
            || !reader.TryValues(keys.Length, out var values))
        {
            problem = Cursor.NotUnderstood(token);
            return false;
        }

        resumed = query with { Now = DateTimeOffset.FromUnixTimeMilliseconds(now), After = new FoundTwin(id, values) };
        return true;
    }

    private static ReadOnlySpan<byte> Hash(FleetQuery query) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{query.Filter}\0{query.Sort}")).AsSpan(0, HashBytes);

    private static void WriteNumber(ArrayBufferWriter<byte> position, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(position.GetSpan(sizeof(long)), number);
        position.Advance(sizeof(long));
    }

    private static void WriteText(ArrayBufferWriter<byte> position, string text)
    {
        BinaryPrimitives.WriteInt32BigEndian(position.GetSpan(sizeof(int)), Encoding.UTF8.GetByteCount(text));
        position.Advance(sizeof(int));
        Encoding.UTF8.GetBytes(text, position);
    }

    /// <summary>Reads what was written, and takes nothing for granted.</summary>
    private ref struct Reader(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public bool TryNumber(out long number)
        {
            if (!BinaryPrimitives.TryReadInt64BigEndian(_rest, out number))
            {
                return false;
            }

            _rest = _rest[sizeof(long)..];
            return true;
        }

        public bool TryText(out string text)
        {
            text = string.Empty;
            if (!BinaryPrimitives.TryReadInt32BigEndian(_rest, out var length) || length < 0 || length > _rest.Length - sizeof(int))
            {
                return false;
            }

            var bytes = _rest.Slice(sizeof(int), length);
            _rest = _rest[(sizeof(int) + length)..];
            text = Encoding.UTF8.GetString(bytes);
            return Utf8.IsValid(bytes);
        }

        /// <summary>As many as there are sort keys, and nothing behind them.</summary>
        public bool TryValues(int count, out SortValue[] values)
        {
            values = new SortValue[count];
            foreach (ref var value in values.AsSpan())
            {
                if (!TryValue(out value))
                {
                    return false;
                }
            }

            return _rest.IsEmpty;
        }

        private bool TryInteger(out SortValue value)
        {
            value = SortValue.Missing;
            if (!QueryNumber.TryRead(_rest[1..], out var number))
            {
                return false;
            }

            value = new SortValue(number);
            _rest = _rest[(1 + QueryNumber.Bytes)..];
            return true;
        }

        private bool TryValue(out SortValue value)
        {
            value = SortValue.Missing;
            if (_rest is [Integer, ..])
            {
                return TryInteger(out value);
            }

            if (_rest.IsEmpty || (SortValueKind)_rest[0] > SortValueKind.Missing)
            {
                return false;
            }

            var kind = (SortValueKind)_rest[0];
            _rest = _rest[1..];
            switch (kind)
            {
                case SortValueKind.Number or SortValueKind.Time:
                    if (!TryNumber(out var bits) || double.IsNaN(BitConverter.Int64BitsToDouble(bits)))
                    {
                        return false;
                    }

                    value = new SortValue(kind, BitConverter.Int64BitsToDouble(bits));
                    return true;
                case SortValueKind.Text:
                    var read = TryText(out var text);
                    value = new SortValue(kind, Text: text);
                    return read;
                default:
                    value = new SortValue(kind);
                    return true;
            }
        }
    }
}
