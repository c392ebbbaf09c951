using System.Text;

namespace Twins.Benchmarks.Load;

/// <summary>One number that changes with each message; padded to a length, or the default, which looks like a small report.</summary>
/// <param name="bytes">How long it is.</param>
internal sealed class PlainPayload(int bytes) : LoadPayload(Encode(bytes))
{
    /// <summary>Bytes of <see cref="DefaultText"/>.</summary>
    public const int DefaultBytes = 65;

    private const string DefaultText = """{"motor":{"rpm":0000000,"on":true},"temperature":21.5,"load":0.7}""";
    private const string PaddedStart = """{"rpm":0000000,"text":" """;
    private const int ValueDigits = 7;

    // A number in JSON does not begin with 0.
    private const uint FirstValue = 1_000_000;
    private const uint Values = 9_000_000;

    private readonly int _valueAt = Array.IndexOf(Encode(bytes), (byte)'0');

    public override void Fill(Span<byte> payload, int device, uint value) =>
        DecimalDigits.Write(payload.Slice(_valueAt, ValueDigits), FirstValue + (value % Values));

    private static byte[] Encode(int bytes)
    {
        if (bytes == DefaultBytes)
        {
            return Encoding.UTF8.GetBytes(DefaultText);
        }

        var start = PaddedStart.TrimEnd();
        var padding = bytes - start.Length - 2;
        return padding >= 0
            ? Encoding.UTF8.GetBytes($"{start}{new string('x', padding)}\"}}")
            : throw new OptionException($"--payload {bytes} is too short; the shortest has {start.Length + 2} bytes");
    }
}
