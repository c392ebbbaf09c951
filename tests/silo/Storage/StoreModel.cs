using System.Globalization;
using System.Text;
using System.Text.Json;
using Twins.Silo.Storage;
using Xunit;

namespace Twins.Silo.Tests.Storage;

/// <summary>What a store should hold, in plain dictionaries.</summary>
internal sealed class StoreModel
{
    /// <summary>Dead letters in all.</summary>
    public const int Capacity = 7;

    /// <summary>Dead letters of one twin.</summary>
    public const int CapacityPerTwin = 3;

    private readonly Dictionary<StateKey, (string ETag, string Text, bool Exists)> _states = [];
    private readonly List<(int Number, string? Twin)> _letters = [];
    private readonly SortedSet<string> _set = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _counters = [];
    private int _step;

    public static StateWrite Write(StateKey key, string known, string next, string text, bool exists, TimeSpan? expiry) =>
        new(key, known, next, Encoding.UTF8.GetBytes(text))
        {
            Exists = exists,
            Creates = exists && (known.Length == 0 || known[^1] == 'd'),
            Revision = 1,
            Expiry = expiry,
        };

    public static StoredDeadLetter DeadLetter(int number, string? twin) =>
        new(DeadLetterId(number), twin, Encoding.UTF8.GetBytes($$"""{"number":{{number}}}"""));

    public static string DeadLetterId(int number) => number.ToString("d8", CultureInfo.InvariantCulture);

    public static int NumberOf(ReadOnlyMemory<byte> letter) => JsonDocument.Parse(letter).RootElement.GetProperty("number").GetInt32();

    /// <summary>Does it to the model and to the store, which must answer the same.</summary>
    public Task ApplyAsync(StoreOperation operation, IStateStore store)
    {
        _step++;
        return operation.Kind switch
        {
            StoreOperationKind.WriteTwin => WriteAsync(store, StateKey.Twin($"twin-{operation.Name}"), operation, exists: true),
            StoreOperationKind.MarkDeleted => WriteAsync(store, StateKey.Twin($"twin-{operation.Name}"), operation, exists: false),
            StoreOperationKind.WriteSession => WriteAsync(store, StateKey.Session($"session {operation.Name}"), operation, exists: true),
            StoreOperationKind.DeleteTwin => DeleteAsync(store, StateKey.Twin($"twin-{operation.Name}"), operation),
            StoreOperationKind.DeleteSession => DeleteAsync(store, StateKey.Session($"session {operation.Name}"), operation),
            StoreOperationKind.AddDeadLetter => AddDeadLetterAsync(store, operation.Name == 0 ? null : $"twin-{operation.Name}"),
            StoreOperationKind.AddToSet => AddToSetAsync(store, $"member {operation.Name}"),
            StoreOperationKind.RemoveFromSet => RemoveFromSetAsync(store, $"member {operation.Name}"),
            StoreOperationKind.Increment => IncrementAsync(store, $"counter-{operation.Name}"),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, message: null),
        };
    }

    /// <summary>Asserts that the store holds what the model holds.</summary>
    public async Task AssertIsAsync(IStateStore store)
    {
        var keys = Enumerable.Range(0, 5).SelectMany(i => new[] { StateKey.Twin($"twin-{i}"), StateKey.Session($"session {i}") }).ToArray();
        var stored = await store.ReadAsync(keys);
        for (var i = 0; i < keys.Length; i++)
        {
            var expected = _states.TryGetValue(keys[i], out var state) ? (state.ETag, state.Text) : default((string, string)?);
            Assert.Equal(expected, stored[i] is { } found ? (found.ETag, Encoding.UTF8.GetString(found.Data.Span)) : null);
            Assert.Equal(stored[i]?.ETag, (await store.ReadAsync(keys[i]))?.ETag);
        }

        var twins = _states.Where(state => state.Key.Kind == StateKind.Twin && state.Value.Exists).Select(state => state.Key.Id).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(twins, await store.ListTwinsAsync(after: null, 100));
        Assert.Equal(twins, await TwinsOfShardsAsync(store));
        Assert.Equal(_letters.Select(letter => letter.Number).Reverse(), (await store.ListDeadLettersAsync(before: null, 100)).Select(NumberOf));
        Assert.Equal(_set, (await store.ListSetAsync("set")).Order(StringComparer.Ordinal));
    }

    private static async Task<string[]> TwinsOfShardsAsync(IStateStore store)
    {
        var found = new List<string>();
        for (var shard = 0; shard < TwinShards.Count; shard++)
        {
            for (string? after = null; ;)
            {
                var page = await store.ReadShardAsync(shard, after, limit: 1);
                found.AddRange(page.Twins.Select(twin => twin.Id));
                if ((after = page.Next) is null)
                {
                    break;
                }
            }
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    private async Task WriteAsync(IStateStore store, StateKey key, StoreOperation operation, bool exists)
    {
        var stored = _states.TryGetValue(key, out var state) ? state.ETag : "";
        var known = operation.KnowsETag ? stored : "of another";
        var next = exists ? $"{_step}" : $"{_step}d";
        var text = new string('x', operation.Size) + _step;
        Assert.Equal(operation.KnowsETag, await store.WriteAsync(Write(key, known, next, text, exists, expiry: null)));
        if (operation.KnowsETag)
        {
            _states[key] = (next, text, exists);
        }
    }

    private async Task DeleteAsync(IStateStore store, StateKey key, StoreOperation operation)
    {
        // Grains delete nothing that they have not read.
        if (!_states.TryGetValue(key, out var state))
        {
            return;
        }

        Assert.Equal(operation.KnowsETag, await store.DeleteAsync(key, operation.KnowsETag ? state.ETag : "of another"));
        if (operation.KnowsETag)
        {
            _states.Remove(key);
        }
    }

    private async Task AddDeadLetterAsync(IStateStore store, string? twin)
    {
        await store.AddDeadLetterAsync(DeadLetter(_step, twin));
        _letters.Add((_step, twin));
        if (_letters.Count(letter => letter.Twin == twin) > CapacityPerTwin)
        {
            _letters.RemoveAt(_letters.FindIndex(letter => letter.Twin == twin));
        }

        if (_letters.Count > Capacity)
        {
            _letters.RemoveAt(0);
        }
    }

    private Task AddToSetAsync(IStateStore store, string member)
    {
        _set.Add(member);
        return store.AddToSetAsync("set", member);
    }

    private Task RemoveFromSetAsync(IStateStore store, string member)
    {
        _set.Remove(member);
        return store.RemoveFromSetAsync("set", member);
    }

    private async Task IncrementAsync(IStateStore store, string counter)
    {
        _counters[counter] = _counters.GetValueOrDefault(counter) + 1;
        Assert.Equal(_counters[counter], await store.IncrementAsync(counter));
    }
}
