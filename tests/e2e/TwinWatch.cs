using System.Net;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Reads twins over REST, again and again, and notes each number of theirs that decreases.</summary>
internal sealed class TwinWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    private readonly TwinsRest _rest;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task[] _reading;
    private readonly List<string> _faults = [];

    /// <param name="url">Where REST is.</param>
    /// <param name="ids">The twins.</param>
    public TwinWatch(Uri url, IEnumerable<string> ids)
    {
        _rest = new TwinsRest(url);
        _reading = [.. ids.Select(ReadAsync)];
    }

    /// <summary>Gets what went backwards.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults)
            {
                return [.. _faults];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_reading);
        _rest.Dispose();
        _stopping.Dispose();
    }

    private async Task ReadAsync(string id)
    {
        var before = new JsonObject();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                // Other answers: the silo of the twin is suspended, or was just given up.
                if (await _rest.Get($"/twins/{id}") is { Status: HttpStatusCode.OK } answer && answer.Json!["reported"]!.AsObject() is var now)
                {
                    Compare(id, before, now);
                    before = now;
                }
            }
            catch (HttpRequestException)
            {
                // The API has closed the connection.
            }

            await Task.Delay(s_interval, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Compare(string id, JsonObject before, JsonObject now)
    {
        foreach (var (name, value) in before)
        {
            if (!((int?)now[name] >= (int?)value))
            {
                lock (_faults)
                {
                    _faults.Add($"{name} of {id} was {value} and is {now[name]?.ToJsonString() ?? "nothing"}");
                }
            }
        }
    }
}
