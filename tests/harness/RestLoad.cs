using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace Twins.Tests.Harness;

/// <summary>
/// Applications that write and read twins over REST without end, each its own twin, and note every answer that an
/// application could do nothing about.
/// </summary>
public sealed class RestLoad : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _end = new();
    private readonly TwinsRest _rest;
    private readonly Application[] _applications;
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Task _running;
    private long _answers;
    private long _refused;

    private RestLoad(TwinsRest rest, int applications)
    {
        _rest = rest;
        _applications = [.. Enumerable.Range(0, applications).Select(number => new Application($"app-{number}"))];
        _running = Task.WhenAll(_applications.Select(Run));
    }

    /// <summary>Requests that succeeded.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Requests that were answered 429 or 503 with Retry-After, or found no connection.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Answers that are neither success nor a word to try again.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Starts so many applications.</summary>
    public static RestLoad Start(TwinsRest rest, int applications) => new(rest, applications);

    /// <summary>Returns when each application has had one more success at least.</summary>
    public async Task GoesOn()
    {
        var before = _applications.Select(application => application.Successes).ToArray();
        await Eventually.Is(() => _applications.Zip(before).All(pair => pair.First.Successes > pair.Second), "each application to have an answer");
    }

    /// <summary>Ends it; fails where an answer was a fault, or a write that was acknowledged is not there.</summary>
    public async Task FinishClean()
    {
        await _end.CancelAsync();
        await _running;
        Assert.True(_faults.IsEmpty, $"{_faults.Count} answers that nobody can do anything about: {string.Join("; ", _faults.Take(5))}");
        foreach (var application in _applications)
        {
            var there = (long)(await _rest.Twin(application.Id))["tags"]!["count"]!;
            Assert.InRange(there, application.Acknowledged, application.Sent);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task Run(Application application)
    {
        using var timer = new PeriodicTimer(s_pause);
        while (!await Does(application, () => _rest.Put($"/twins/{application.Id}", """{"tags":{"count":0}}"""), HttpStatusCode.Created, HttpStatusCode.OK))
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        for (var count = 1L; !_end.IsCancellationRequested; count++)
        {
            application.Sent = count;
            if (await Does(application, () => _rest.Patch($"/twins/{application.Id}", string.Create(CultureInfo.InvariantCulture, $$$"""{"tags":{"count":{{{count}}}}}""")), HttpStatusCode.OK))
            {
                application.Acknowledged = count;
            }

            RestAnswer? read = null;
            if (await Does(application, async () => read = await _rest.Get($"/twins/{application.Id}"), HttpStatusCode.OK)
                && (long)read!.Json!["tags"]!["count"]! is var seen && seen < application.Acknowledged)
            {
                _faults.Enqueue($"{application.Id}: {seen} was read behind the acknowledged {application.Acknowledged}");
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task<bool> Does(Application application, Func<Task<RestAnswer>> request, params HttpStatusCode[] expected)
    {
        try
        {
            var answer = await request();
            if (expected.Contains(answer.Status))
            {
                Interlocked.Increment(ref _answers);
                application.Successes++;
                return true;
            }

            if (answer.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests && answer.Headers.ContainsKey("Retry-After"))
            {
                Interlocked.Increment(ref _refused);
            }
            else
            {
                _faults.Enqueue($"{application.Id}: {answer}");
            }
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _refused);
        }

        return false;
    }

    private sealed class Application(string id)
    {
        private long _successes;

        public string Id => id;

        public long Sent { get; set; }

        public long Acknowledged { get; set; }

        public long Successes
        {
            get => Interlocked.Read(ref _successes);
            set => Interlocked.Exchange(ref _successes, value);
        }
    }
}
