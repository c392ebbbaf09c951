using System.Buffers;
using System.Globalization;
using System.Text;
using Twins.Api.Problems;
using Twins.Contracts;

namespace Twins.Api.Live;

/// <summary>
/// One thing to tell a client, whichever way it is spelled (<see cref="ILiveSink"/>). Its data is a JSON object on one line, and is
/// written out of what all clients share.
/// </summary>
internal readonly struct LiveMessage
{
    /// <summary>Why a reset is sent: the client reads slower than events happen.</summary>
    public const string SlowReader = "slow-reader";

    /// <summary>Why a reset is sent: what the client saw last is not in the buffer (any more).</summary>
    public const string NotBuffered = "not-buffered";

    /// <summary>Why a reset is sent: this process itself could not listen for a while.</summary>
    public const string SourceGap = "source-gap";

    private readonly ReadOnlyMemory<byte> _data;
    private readonly string? _twinId;
    private readonly long _revision;
    private readonly string? _reason;

    private LiveMessage(string name, string id, ReadOnlyMemory<byte> data, string? twinId = null, long revision = 0, string? reason = null)
    {
        (Name, Id) = (name, id);
        (_data, _twinId, _revision, _reason) = (data, twinId, revision, reason);
    }

    /// <summary>What it is: <c>changed</c>, <c>reset</c>, …</summary>
    public string Name { get; }

    /// <summary>Where the stream stands behind it.</summary>
    public string Id { get; }

    /// <summary>A message whose data is spelled already.</summary>
    public static LiveMessage Of(string name, string id, ReadOnlyMemory<byte> data) => new(name, id, data);

    /// <summary>A twin of a watch: <c>{"id":…,"revision":…,"reason":…,"twin":{…}}</c>.</summary>
    /// <param name="name">What became of it.</param>
    /// <param name="id">Where the stream stands.</param>
    /// <param name="twinId">Which twin.</param>
    /// <param name="revision">Its revision.</param>
    /// <param name="document">Its document; null where it is not told.</param>
    /// <param name="reason">Why it left; else null.</param>
    public static LiveMessage OfTwin(string name, string id, string twinId, long revision, byte[]? document, string? reason = null) =>
        new(name, id, document, twinId, revision, reason);

    /// <summary>Events were missed and will not come any more; what was read before must be read again.</summary>
    /// <param name="id">Where the stream goes on.</param>
    /// <param name="reason">Why.</param>
    /// <param name="missed">How many, where that is known.</param>
    /// <param name="detail">What the client is to do.</param>
    public static LiveMessage Reset(string id, string reason, long missed = 0, string detail = "events were missed; read again what you follow, then go on from here") =>
        new(
            "reset",
            id,
            Encoding.UTF8.GetBytes(
                missed > 0
                    ? string.Create(CultureInfo.InvariantCulture, $"{{\"reason\":\"{reason}\",\"missed\":{missed},\"detail\":\"{detail}\"}}")
                    : $"{{\"reason\":\"{reason}\",\"detail\":\"{detail}\"}}"));

    /// <summary>What ends a subscription.</summary>
    public static LiveMessage OfProblem(string id, Problem problem, string instance) => new("problem", id, ProblemBody.Render(problem, instance));

    /// <summary>Writes the data.</summary>
    public void WriteData(IBufferWriter<byte> output)
    {
        if (_twinId is null)
        {
            output.Write(_data.Span);
            return;
        }

        // Ids of twins need no escapes.
        output.Write("{\"id\":\""u8);
        Encoding.UTF8.GetBytes(_twinId, output);
        output.Write("\",\"revision\":"u8);
        var digits = output.GetSpan(20);
        _revision.TryFormat(digits, out var written, provider: CultureInfo.InvariantCulture);
        output.Advance(written);
        if (_reason is not null)
        {
            output.Write(",\"reason\":\""u8);
            Encoding.UTF8.GetBytes(_reason, output);
            output.Write("\""u8);
        }

        if (!_data.IsEmpty)
        {
            output.Write(",\"twin\":"u8);
            output.Write(_data.Span);
        }

        output.Write("}"u8);
    }
}
