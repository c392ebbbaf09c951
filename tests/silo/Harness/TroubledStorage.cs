using System.Collections.Concurrent;
using Orleans.Storage;
using Twins.Silo.Twins;

namespace Twins.Silo.Tests.Harness;

/// <summary>Real storage that, for chosen twins, counts writes, holds them up or makes them fail.</summary>
internal sealed class TroubledStorage(IGrainStorage storage) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new();
    private readonly ConcurrentDictionary<string, (Func<Exception> Failure, bool Stored)> _broken = new();
    private readonly ConcurrentDictionary<string, int> _writes = new();
    private readonly ConcurrentDictionary<string, bool> _damaged = new();

    public int WritesOf(string twinId) => _writes.GetValueOrDefault(twinId);

    /// <summary>Writes of this twin wait until the result is disposed.</summary>
    public IDisposable Hold(string twinId)
    {
        var gate = _held[twinId] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Undo(() =>
        {
            _held.TryRemove(new(twinId, gate));
            gate.SetResult();
        });
    }

    /// <summary>Writes of this twin fail until the result is disposed.</summary>
    /// <param name="stored">They are stored, and only the answer is lost.</param>
    public IDisposable Break(string twinId, Func<Exception>? failure = null, bool stored = false)
    {
        _broken[twinId] = (failure ?? (() => new IOException("the disk is full")), stored);
        return new Undo(() => _broken.TryRemove(twinId, out _));
    }

    /// <summary>The row of this twin does not match its checksum until the result is disposed.</summary>
    public IDisposable Damage(string twinId)
    {
        _damaged[twinId] = true;
        return new Undo(() => _damaged.TryRemove(twinId, out _));
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await storage.ReadStateAsync(stateName, grainId, grainState);
        if (grainState.State is TwinState state && _damaged.ContainsKey(grainId.Key.ToString()!))
        {
            grainState.State = (T)(object)new TwinState { IsDamaged = true, Revision = state.Revision };
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var id = grainId.Key.ToString()!;
        _writes.AddOrUpdate(id, 1, (_, count) => count + 1);
        if (_held.TryGetValue(id, out var gate))
        {
            await gate.Task;
        }

        if (_broken.TryGetValue(id, out var broken))
        {
            if (broken.Stored)
            {
                await storage.WriteStateAsync(stateName, grainId, grainState);
            }

            throw broken.Failure();
        }

        await storage.WriteStateAsync(stateName, grainId, grainState);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => storage.ClearStateAsync(stateName, grainId, grainState);

    public void Participate(ISiloLifecycle observer) => (storage as ILifecycleParticipant<ISiloLifecycle>)?.Participate(observer);

    private sealed class Undo(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }
}
