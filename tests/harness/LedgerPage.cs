using System.Text.Json.Nodes;

namespace Twins.Tests.Harness;

/// <summary>
/// One device's part of the ledger. The device counts: message i sets property <c>k{i mod properties}</c> to i, so a
/// property only ever grows, and loss inside the stream shows as well as loss at its end. Safe for any thread.
/// </summary>
public sealed class LedgerPage
{
    private readonly Lock _gate = new();
    private readonly int[] _acknowledged;
    private readonly int[] _seen;
    private readonly List<string> _backwards = [];
    private int _sent;
    private long _acknowledgements;
    private long _revision;

    internal LedgerPage(string id, int properties)
    {
        Id = id;
        _acknowledged = [.. Enumerable.Repeat(-1, properties)];
        _seen = [.. _acknowledged];
    }

    /// <summary>The twin.</summary>
    public string Id { get; }

    /// <summary>How many messages were acknowledged.</summary>
    public long Acknowledgements => Interlocked.Read(ref _acknowledgements);

    /// <summary>What was less than it had been seen to be.</summary>
    public IReadOnlyList<string> Backwards
    {
        get
        {
            lock (_gate)
            {
                return [.. _backwards];
            }
        }
    }

    /// <summary>The property that message <paramref name="i"/> sets.</summary>
    public string Property(int i) => $"k{i % _seen.Length}";

    /// <summary>Message <paramref name="i"/>, and all before it, may have been sent.</summary>
    public void Sent(int i)
    {
        lock (_gate)
        {
            _sent = Math.Max(_sent, i + 1);
        }
    }

    /// <summary>Message <paramref name="i"/> was acknowledged.</summary>
    public void Acknowledge(int i)
    {
        lock (_gate)
        {
            var property = i % _acknowledged.Length;
            _acknowledged[property] = Math.Max(_acknowledged[property], i);
        }

        Interlocked.Increment(ref _acknowledgements);
    }

    /// <summary>The twin was read. Of two reads, the one that began later must be told later.</summary>
    public void See(JsonNode twin)
    {
        lock (_gate)
        {
            var revision = (long)twin["revision"]!;
            Compare("revision", _revision, revision);
            _revision = revision;
            for (var property = 0; property < _seen.Length; property++)
            {
                var value = (int?)twin["reported"]?[$"k{property}"] ?? -1;
                Compare($"k{property}", _seen[property], value);
                _seen[property] = value;
            }
        }
    }

    /// <summary>The last acknowledged value of each property; -1 for none.</summary>
    internal int[] Promised()
    {
        lock (_gate)
        {
            return [.. _acknowledged];
        }
    }

    /// <summary>What a twin lacks of what was promised before it was read, and what it has that was never sent.</summary>
    internal IReadOnlyList<(int Property, string Fault)> Faults(int[] promised, JsonNode? reported)
    {
        lock (_gate)
        {
            var faults = new List<(int, string)>();
            for (var property = 0; property < promised.Length; property++)
            {
                var stored = (int?)reported?[$"k{property}"] ?? -1;
                if (stored < promised[property])
                {
                    faults.Add((property, $"{Id}: k{property} = {promised[property]} was acknowledged, {stored} is stored (-1: nothing)"));
                }
                else if (stored >= _sent || (stored >= 0 && stored % promised.Length != property))
                {
                    faults.Add((property, $"{Id}: k{property} = {stored} is stored and was never sent"));
                }
            }

            return faults;
        }
    }

    /// <summary>A loss is counted once.</summary>
    internal void Forget(int property)
    {
        lock (_gate)
        {
            _acknowledged[property] = -1;
        }
    }

    private void Compare(string what, long before, long now)
    {
        if (now < before)
        {
            _backwards.Add($"{Id}: {what} was {before} and is {now}");
        }
    }
}
