using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Twins.Api.Live;

/// <summary>Spells a subscription as Server-Sent Events (WHATWG HTML, 9.2).</summary>
/// <param name="output">The body of the response.</param>
internal sealed class SseSink(PipeWriter output) : ILiveSink
{
    /// <summary>How much is written between two flushes, in bytes: enough to batch, little enough to feel a slow reader.</summary>
    private const int FlushBytes = 32 * 1024;

    /// <inheritdoc/>
    public bool IsFull => output.UnflushedBytes >= FlushBytes;

    /// <summary>
    /// How a stream starts: how soon to come back after a break, in ms, and where it stands, so that even a client
    /// that sees no event before the break resumes rather than starts over.
    /// </summary>
    public void Opened(string id)
    {
        output.Write("retry: 2000\nid: "u8);
        Encoding.UTF8.GetBytes(id, output);
        output.Write("\n\n"u8);
    }

    /// <inheritdoc/>
    public void Write(in LiveMessage message)
    {
        output.Write("id: "u8);
        Encoding.UTF8.GetBytes(message.Id, output);
        output.Write("\nevent: "u8);
        Encoding.UTF8.GetBytes(message.Name, output);
        output.Write("\ndata: "u8);
        message.WriteData(output);
        output.Write("\n\n"u8);
    }

    /// <inheritdoc/>
    public async ValueTask Flush(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken);

    /// <summary>
    /// A comment that tells a live connection from a dead one, and where the stream stands: an id without data is no event, but a
    /// browser comes back with it (9.2.6, "dispatch the event", steps 1 and 2).
    /// </summary>
    public async ValueTask Heartbeat(string? position, CancellationToken cancellationToken)
    {
        output.Write(": heartbeat\n"u8);
        if (position is not null)
        {
            output.Write("id: "u8);
            Encoding.UTF8.GetBytes(position, output);
            output.Write("\n"u8);
        }

        output.Write("\n"u8);
        await output.FlushAsync(cancellationToken);
    }
}
