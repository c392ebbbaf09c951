using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Twins.Faults.Tests;

/// <summary>
/// Reads every twin of a fleet over REST five times a second, whatever became of the reads before, and notes when it is
/// answered, when its device's updates show, and what goes backwards.
/// </summary>
internal sealed class FleetWatch : IAsyncDisposable
{
    /// <summary>How often each twin is read.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ConcurrentDictionary<string, long> _answers = new(StringComparer.Ordinal);
    private readonly TwinWatch[] _twins;
    private readonly HttpClient _http;
    private readonly Task _asking;
    private int _underWay;

    private FleetWatch(Uri rest, IEnumerable<string> ids)
    {
        _twins = [.. ids.Select(id => new TwinWatch(id))];
        _http = new HttpClient(new ConnectionErrors(new SocketsHttpHandler { ConnectTimeout = Patience })) { BaseAddress = rest, Timeout = Timeout.InfiniteTimeSpan };
        _asking = Ask();
    }

    /// <summary>The time of the watch.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>The twins.</summary>
    public IReadOnlyList<TwinWatch> Twins => _twins;

    /// <summary>How many reads were answered how: <c>read 200</c>, <c>read timeout</c>.</summary>
    public IReadOnlyDictionary<string, long> Answers => _answers;

    /// <summary>Begins.</summary>
    public static FleetWatch Start(Uri rest, IEnumerable<string> ids) => new(rest, ids);

    /// <summary>
    /// Returns true when for a second every twin has answered whenever it was asked, and has shown its device's updates;
    /// false at the deadline.
    /// </summary>
    public async Task<bool> IsSteady(TimeSpan deadline, Action? check = null)
    {
        var until = Now + deadline;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var from = Now;
        while (true)
        {
            check?.Invoke();
            var since = Now - TimeSpan.FromSeconds(1);
            if (since >= from && Array.TrueForAll(_twins, twin => twin.IsSteady(since, updates: 1)))
            {
                return true;
            }

            if (Now > until)
            {
                return false;
            }

            await timer.WaitForNextTickAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _asking;
        await Eventually.Is(() => Volatile.Read(ref _underWay) == 0, "reads to end");
        _http.Dispose();
        _end.Dispose();
    }

    private async Task Ask()
    {
        // Spread over the interval, so that they do not come all at once.
        using var timer = new PeriodicTimer(Every / _twins.Length);
        var began = Now;
        long asked = 0;
        while (!_end.IsCancellationRequested)
        {
            // What a late timer has left out is made up for.
            for (var due = (Now - began) / Every * _twins.Length; asked < due; asked++)
            {
                var twin = _twins[asked % _twins.Length];
                Interlocked.Increment(ref _underWay);
                _ = Task.Run(() => Read(twin));
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Does not throw: what goes wrong is what is looked for.</summary>
    private async Task Read(TwinWatch twin)
    {
        var (before, started) = (twin.Seen, Now);
        string answer;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var response = await _http.GetAsync(new Uri($"/twins/{twin.Id}?fields=revision,reported", UriKind.Relative), patience.Token);
            answer = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            if (response.IsSuccessStatusCode)
            {
                using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(patience.Token));
                twin.Answered(started, Now, before, document.RootElement);
            }
            else
            {
                twin.Failed(started, Now);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            answer = exception is OperationCanceledException ? "timeout" : "refused";
            twin.Failed(started, Now);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }

        _answers.AddOrUpdate($"read {answer}", 1, static (_, count) => count + 1);
    }
}
