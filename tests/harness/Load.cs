using System.Net;

namespace Twins.Tests.Harness;

/// <summary>
/// Devices that publish without end, one twin and one connection each, while somebody reads the twins over REST in
/// turn and notes what goes backwards. What they were acknowledged stands in <see cref="Ledger"/>.
/// </summary>
public sealed class Load : IAsyncDisposable
{
    /// <summary>
    /// More than any window: when the load is held, the messages that were acknowledged last are each the last of
    /// their property, and the loss of one shows.
    /// </summary>
    private const int Properties = 100;

    private readonly CancellationTokenSource _end = new();
    private readonly Gate _connecting = new();
    private readonly Gate _sending = new();
    private readonly TwinsRest _rest;
    private readonly LoadDevice[] _devices;
    private readonly Task _watching;

    private Load(TwinsRest rest, IEnumerable<LoadPlan> plans, int port)
    {
        _rest = rest;
        _devices = [.. plans.Select(plan => new LoadDevice(Ledger.Open(plan.Id, plan.Properties), port, plan.Window, plan.Padding, _connecting, _sending))];
        _watching = Watch();
    }

    /// <summary>What they were acknowledged.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>Starts devices on a port.</summary>
    /// <param name="windows">For each device, how many messages it sends ahead of their acknowledgement.</param>
    /// <param name="padding">By how many bytes each message is longer than it need be.</param>
    /// <param name="name">What the ids of the devices begin with: each load on one platform needs its own.</param>
    public static Load Start(TwinsRest rest, int port, IEnumerable<int> windows, int properties = Properties, int padding = 0, string name = "load") =>
        new(rest, windows.Select((window, number) => new LoadPlan($"{name}-{number}", window, properties, padding)), port);

    /// <summary>Returns when so many more messages are acknowledged, and one at least of each device.</summary>
    public async Task GoesOn(int acknowledgements = 0)
    {
        var total = Ledger.Acknowledged + acknowledgements;
        var each = _devices.Select(device => (Device: device, More: device.Page.Acknowledgements + 1)).ToArray();
        await Eventually.Is(
            () =>
            {
                Array.ForEach(_devices, device => device.ThrowIfFailed());
                return Ledger.Acknowledged >= total && each.All(pair => pair.Device.Page.Acknowledgements >= pair.More);
            },
            "the load to go on",
            TimeSpan.FromSeconds(60));
    }

    /// <summary>
    /// Ends something in the midst of the load. Nobody connects meanwhile, and when this returns nobody sends anything
    /// new either, until <see cref="Release"/>: what was acknowledged last stays the last until it was looked at.
    /// </summary>
    /// <param name="end">Ends what acknowledges; when it returns there are no more acknowledgements.</param>
    public async Task HoldFrom(Func<Task> end)
    {
        _connecting.Close();
        await end();
        _sending.Close();
    }

    /// <summary>Ends <see cref="HoldFrom"/>.</summary>
    public void Release()
    {
        _sending.Open();
        _connecting.Open();
    }

    /// <summary>Returns when all that was sent is acknowledged; nothing new is sent.</summary>
    public async Task Finish()
    {
        Array.ForEach(_devices, device => device.Finish());
        Release();
        await Eventually.Is(
            () =>
            {
                Array.ForEach(_devices, device => device.ThrowIfFailed());
                return _devices.All(device => device.Idle);
            },
            "all that was sent to be acknowledged",
            TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var device in _devices)
        {
            await device.DisposeAsync();
        }

        await _watching;
        _end.Dispose();
    }

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var turn = 0; !_end.IsCancellationRequested; turn++)
        {
            try
            {
                var page = _devices[turn % _devices.Length].Page;
                var answer = await _rest.Get($"/twins/{page.Id}").WaitAsync(_end.Token);
                if (answer.Status == HttpStatusCode.OK)
                {
                    page.See(answer.Json!);
                }

                await timer.WaitForNextTickAsync(_end.Token);
            }
            catch (HttpRequestException)
            {
                // It was killed: nobody reads meanwhile.
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                // It ends, or an answer took too long.
            }
        }
    }

    private sealed record LoadPlan(string Id, int Window, int Properties, int Padding);
}
