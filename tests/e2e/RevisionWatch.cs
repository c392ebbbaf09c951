using System.Net;
using System.Net.Sockets;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Reads a twin again and again, also across restarts, and notes each revision that is seen with two contents.</summary>
internal sealed class RevisionWatch(string id)
{
    private readonly Dictionary<long, string> _seen = [];
    private readonly List<string> _faults = [];

    /// <summary>Gets how many revisions were seen.</summary>
    public int Seen => _seen.Count;

    /// <summary>Gets the revisions that were used twice.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Reads until it is cancelled, or the process is gone.</summary>
    public async Task ReadAsync(Uri url, CancellationToken cancellationToken)
    {
        using var rest = new TwinsRest(url);
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                if (await rest.Get($"/twins/{id}") is { Status: HttpStatusCode.OK, Json: { } twin })
                {
                    Note((long)twin["revision"]!, twin["reported"]!.ToJsonString());
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            // The process was killed.
        }
    }

    private void Note(long revision, string content)
    {
        if (!_seen.TryAdd(revision, content) && _seen[revision] != content)
        {
            _faults.Add($"revision {revision} was {_seen[revision]} and is {content}");
        }
    }
}
