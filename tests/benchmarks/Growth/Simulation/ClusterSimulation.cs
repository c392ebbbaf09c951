using System.Collections;
using System.Runtime.InteropServices;
using HdrHistogram;

namespace Twins.Benchmarks.Growth.Simulation;

/// <summary>
/// Updates on their way through a cluster, one by one: they queue for the cores of the silo that their device is connected to, for
/// those of the silo that has the twin, for a batch to the master that keeps the twin, and for that master. In the middle of the
/// time a silo dies. Who connects where and which twin is where is chance; the same each time for the same seed.
/// </summary>
internal sealed class ClusterSimulation
{
    private const int Seed = 1;
    private const int Dead = 0;

    private readonly SimulatedCluster _cluster;
    private readonly double _end;
    private readonly double _death;
    private readonly Random _random = new(Seed);
    private readonly PriorityQueue<(Step Step, int Item), double> _agenda = new();
    private readonly List<Way> _ways = [];
    private readonly Stack<int> _free = new();
    private readonly double[][] _cores;
    private readonly StoreMaster[] _masters;
    private readonly double[] _siloBusy;
    private readonly StoreLane[] _lanes;
    private readonly List<(int Lane, int[] Items)> _batches = [];
    private readonly Stack<int> _freeBatches = new();
    private readonly BitArray _moved;
    private readonly LongHistogram _before = Histogram();
    private readonly LongHistogram _after = Histogram();
    private long _offered;
    private long _done;
    private double _now;
    private double _lastLate;

    private ClusterSimulation(SimulatedCluster cluster, double seconds)
    {
        _cluster = cluster;
        (_end, _death) = (seconds, seconds / 2);
        _cores = [.. Enumerable.Range(0, cluster.Silos).Select(_ => new double[cluster.Cores])];
        _masters = [.. Enumerable.Range(0, cluster.Masters).Select(_ => new StoreMaster())];
        _siloBusy = new double[cluster.Silos];
        _lanes = [.. Enumerable.Range(0, cluster.Silos * cluster.Masters).Select(_ => new StoreLane())];
        _moved = new BitArray(cluster.Twins);
    }

    private enum Step
    {
        Sent,
        Arrives,
        AtTwin,
        Loads,
        Loaded,
        Stored,
        BatchArrives,
        RoundDone,
        BatchDone,
    }

    /// <summary>What came of it.</summary>
    public static SimulationResult Run(SimulatedCluster cluster, double seconds)
    {
        var simulation = new ClusterSimulation(cluster, seconds);
        simulation.Go();
        return simulation.Result();
    }

    private static LongHistogram Histogram() => new(1, 3_600_000_000, 3);

    private static double Exponential(Random random, double rate) => -Math.Log(1 - random.NextDouble()) / rate;

    private void Go()
    {
        _agenda.Enqueue((Step.Sent, 0), 0);
        // What is under way at the end is followed to its end, for as long again at the most: an overload shows as what is not done.
        while (_agenda.TryDequeue(out var what, out _now) && _now < 2 * _end)
        {
            switch (what.Step)
            {
                case Step.Sent: Send(); break;
                case Step.Arrives: Arrive(what.Item); break;
                case Step.AtTwin: AtTwin(what.Item); break;
                case Step.Loads: Arrived(_ways[what.Item].Master, what.Item, isBatch: false); break;
                case Step.Loaded: At(Work(_ways[what.Item].Twin, SimulatedCluster.Update), Step.Stored, what.Item); break;
                case Step.Stored: Store(what.Item); break;
                case Step.BatchArrives: Arrived(_batches[what.Item].Lane % _cluster.Masters, what.Item, isBatch: true); break;
                case Step.RoundDone: RoundDone(what.Item); break;
                default: Done(what.Item); break;
            }
        }
    }

    private void Send()
    {
        if (_now >= _end)
        {
            return;
        }

        _offered++;
        _agenda.Enqueue((Step.Sent, 0), _now + Exponential(_random, _cluster.Rate));
        var device = _random.Next(_cluster.Twins);
        // Which silo and which master: chance, but the same for each message of a device.
        var way = new Way(_now, device, Pick(device, 1, _cluster.Silos), Pick(device, 2, _cluster.Silos), Pick(device, 3, _cluster.Masters));
        var item = _free.TryPop(out var free) ? free : _ways.Count;
        if (item == _ways.Count)
        {
            _ways.Add(way);
        }
        else
        {
            _ways[item] = way;
        }

        At(_now + SimulatedCluster.Network, Step.Arrives, item);
    }

    private void Arrive(int item)
    {
        var way = _ways[item];
        if (IsDead(way.Connection))
        {
            // It comes again when the device is connected to another.
            var connected = _death + (SimulatedCluster.ConnectedAgainWithin * Pick(way.Device, 4, 1000) / 1000.0);
            _ways[item] = way with { Connection = Other(way.Device, 5) };
            At(Math.Max(_now, connected), Step.Arrives, item);
            return;
        }

        var twin = TwinOf(way);
        var local = twin == way.Connection;
        var cost = (SimulatedCluster.Update * SimulatedCluster.ConnectionPart) + (local ? 0 : SimulatedCluster.Hop / 2);
        At(Work(way.Connection, cost) + (local ? 0 : SimulatedCluster.Network), Step.AtTwin, item);
    }

    private void AtTwin(int item)
    {
        var way = _ways[item];
        var twin = TwinOf(way);
        if (IsDead(way.Twin) && _now < _death + SimulatedCluster.Noticed)
        {
            // The call is broken when the silo is declared dead, and made again.
            At(_death + SimulatedCluster.Noticed, Step.AtTwin, item);
            return;
        }

        var first = IsDead(way.Twin) && !_moved[way.Device];
        _ways[item] = way with { Twin = twin };
        if (first)
        {
            _moved[way.Device] = true;
            At(_now + SimulatedCluster.Network, Step.Loads, item);
            return;
        }

        var cost = (SimulatedCluster.Update * (1 - SimulatedCluster.ConnectionPart)) + (twin == way.Connection ? 0 : SimulatedCluster.Hop / 2);
        At(Work(twin, cost), Step.Stored, item);
    }

    private void Store(int item)
    {
        var way = _ways[item];
        var lane = (way.Twin * _cluster.Masters) + way.Master;
        _lanes[lane].Waiting.Enqueue(item);
        Start(lane);
    }

    private void Start(int number)
    {
        var lane = _lanes[number];
        if (lane.UnderWay == SimulatedCluster.BatchesUnderWay || lane.Waiting.Count == 0)
        {
            return;
        }

        lane.UnderWay++;
        var items = new int[Math.Min(SimulatedCluster.BatchSize, lane.Waiting.Count)];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = lane.Waiting.Dequeue();
        }

        if (_freeBatches.TryPop(out var batch))
        {
            _batches[batch] = (number, items);
        }
        else
        {
            batch = _batches.Count;
            _batches.Add((number, items));
        }

        At(_now + SimulatedCluster.Network, Step.BatchArrives, batch);
    }

    private void Arrived(int number, int item, bool isBatch)
    {
        var master = _masters[number];
        (isBatch ? master.Batches : master.Reads).Add(item);
        if (!master.IsBusy)
        {
            StartRound(number);
        }
    }

    /// <summary>As Redis does it: what has come meanwhile is executed, then written to disk, then answered.</summary>
    private void StartRound(int number)
    {
        var master = _masters[number];
        (master.Batches, master.Batched) = (master.Batched, master.Batches);
        (master.Reads, master.Reading) = (master.Reading, master.Reads);
        var updates = master.Batched.Sum(batch => _batches[batch].Items.Length);
        var cost = (master.Reading.Count * SimulatedCluster.Read) + (updates * SimulatedCluster.Write) + (master.Batched.Count * SimulatedCluster.Batch)
            + (updates > 0 ? SimulatedCluster.Sync : 0);
        master.IsBusy = true;
        At(_now + cost, Step.RoundDone, number);
    }

    private void RoundDone(int number)
    {
        var master = _masters[number];
        master.Batched.ForEach(batch => At(_now + SimulatedCluster.Network, Step.BatchDone, batch));
        master.Reading.ForEach(item => At(_now + SimulatedCluster.Network, Step.Loaded, item));
        master.Batched.Clear();
        master.Reading.Clear();
        master.IsBusy = false;
        if (master.Batches.Count + master.Reads.Count > 0)
        {
            StartRound(number);
        }
    }

    private void Done(int batch)
    {
        var (lane, items) = _batches[batch];
        _freeBatches.Push(batch);
        foreach (var item in items)
        {
            var took = _now - _ways[item].Sent;
            (_ways[item].Sent < _death ? _before : _after).RecordValue(Math.Max(1, (long)(took * 1e6)));
            if (took > 1 && _ways[item].Sent >= _death)
            {
                _lastLate = Math.Max(_lastLate, _now - _death);
            }

            _done++;
            _free.Push(item);
        }

        _lanes[lane].UnderWay--;
        Start(lane);
    }

    /// <summary>Takes a core of a silo, the one that is free first; returns when it is done.</summary>
    private double Work(int silo, double cost)
    {
        var cores = _cores[silo];
        var core = Array.IndexOf(cores, cores.Min());
        cores[core] = Math.Max(_now, cores[core]) + cost;
        _siloBusy[silo] += cost;
        return cores[core];
    }

    private void At(double time, Step step, int item) => _agenda.Enqueue((step, item), time);

    private bool IsDead(int silo) => _cluster.Silos > 1 && silo == Dead && _now >= _death;

    private int TwinOf(Way way) => IsDead(way.Twin) ? Other(way.Device, 6) : way.Twin;

    private int Other(int device, int salt) => 1 + Pick(device, salt, _cluster.Silos - 1);

    /// <summary>Chance that is the same each time: the finish of SplitMix64.</summary>
    private static int Pick(int device, int salt, int of)
    {
        var bits = ((ulong)(uint)device << 8 | (uint)salt) * 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return (int)((bits ^ (bits >> 31)) % (ulong)of);
    }

    private SimulationResult Result() => new(
        (double)_done / _offered,
        _siloBusy.Max() / _end / _cluster.Cores,
        Milliseconds(_before, 50),
        Milliseconds(_before, 99),
        Milliseconds(_after, 99),
        _lastLate);

    private static double Milliseconds(LongHistogram histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;

    /// <summary>An update on its way.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Way(double Sent, int Device, int Connection, int Twin, int Master);
}
