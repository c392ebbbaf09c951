using System.Diagnostics;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Ingest;

/// <summary>One that is measured behind a Mosquitto of its own, with devices that publish there.</summary>
internal sealed class BrokerSubject : IAsyncDisposable
{
    // For each device. The code that runs once a message is compiled, and compiled again when it is hot, within these;
    // in rounds, because the broker keeps no more.
    private const int WarmUpMessages = 5;
    private const int WarmUpRounds = 12;

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(3);

    private readonly MosquittoProcess _broker;
    private readonly int _devices;
    private readonly List<IngestRow> _rounds = [];
    private ISubscriber? _subscriber;
    private LoadProcess? _load;
    private int _last;

    private BrokerSubject(string name, MosquittoProcess broker, int devices)
    {
        Name = name;
        _broker = broker;
        _devices = devices;
        _last = devices;
    }

    public string Name { get; }

    /// <summary>What each measured round has come to.</summary>
    public IReadOnlyList<IngestRow> Rounds => _rounds;

    /// <summary>Messages that the broker has acknowledged and nobody stored.</summary>
    public long Lost { get; private set; }

    /// <summary>Starts all, makes the twins, and repeats until the code is warm.</summary>
    public static async Task<BrokerSubject> Start(string name, Func<int, Task<ISubscriber>> start, LoadPlan plan, int devices)
    {
        var subject = new BrokerSubject(name, await MosquittoProcess.Start(), devices);
        try
        {
            subject._subscriber = await start(subject._broker.Port);
            subject._load = await LoadProcess.Open(plan with { Port = subject._broker.Port });
            await subject.WarmUp();
            return subject;
        }
        catch
        {
            await subject.DisposeAsync();
            throw;
        }
    }

    /// <summary>From the first publish until the last message is stored.</summary>
    /// <param name="messages">Of each device.</param>
    public async Task Measure(int messages)
    {
        var before = await _subscriber!.Revisions();
        var (serverBefore, storeBefore) = (ProcessUsage.Of(_subscriber.Process), StoreUsage());
        var clock = Stopwatch.StartNew();
        var sent = await _load!.Send(0, _devices, messages);
        await Drained();
        var seconds = clock.Elapsed.TotalSeconds;
        var (serverAfter, storeAfter) = (ProcessUsage.Of(_subscriber.Process), StoreUsage());

        // The last message is one of them too.
        var expected = sent.Messages + 1;
        long stored;
        var wait = Stopwatch.StartNew();
        do
        {
            stored = await _subscriber.Revisions() - before;
        }
        while (stored < expected && wait.Elapsed < Eventually.Deadline);

        Lost += expected - stored;
        _rounds.Add(new IngestRow(
            sent,
            sent.Messages / seconds,
            serverAfter.CpuSeconds - serverBefore.CpuSeconds,
            storeAfter.CpuSeconds - storeBefore.CpuSeconds,
            serverAfter.WorkingSet));
    }

    public async ValueTask DisposeAsync()
    {
        if (_load is not null)
        {
            await _load.DisposeAsync();
        }

        if (_subscriber is not null)
        {
            await _subscriber.DisposeAsync();
        }

        await _broker.DisposeAsync();
    }

    private async Task WarmUp()
    {
        await _load!.Each(0, _devices);
        await Drained();
        for (var round = 0; round < WarmUpRounds; round++)
        {
            await _load.Send(0, _devices, WarmUpMessages);
            await Drained();
        }
    }

    /// <summary>
    /// Sends one more message, for a twin that is not there yet, and waits for that twin. The broker keeps the order,
    /// so what was published before has been delivered then.
    /// </summary>
    private async Task Drained()
    {
        var device = _last++;
        await _load!.Each(device, 1);
        await Eventually.Is(() => _subscriber!.Has(LoadPacket.TwinId(device)), "the last message to be stored", s_deadline);
    }

    private ProcessUsage StoreUsage() => _subscriber!.StoreProcess is { } id ? ProcessUsage.Of(id) : new(0, 0);
}
