using System.Collections.Concurrent;
using Twins.Contracts.Events;
using Twins.Contracts.Fleet;

namespace Twins.Api.Tests.Fakes;

/// <summary>The grains, in memory and in this process: what the API sees of a silo.</summary>
internal sealed class FakeGrains : IGrainFactory
{
    private readonly ConcurrentDictionary<string, FakeTwin> _twins = new(StringComparer.Ordinal);

    public FakeGrains() => Fleet = new FakeFleet(this);

    /// <summary>What every call throws, while set.</summary>
    public Exception? Failure { get; set; }

    public FakeFleet Fleet { get; }

    public FakeDeadLetters DeadLetters { get; } = new();

    public FakeListeners Listeners { get; } = new();

    public IEnumerable<FakeTwin> Twins => _twins.Values.Where(twin => twin.Exists);

    public FakeTwin Twin(string id) => _twins.GetOrAdd(id, key => new FakeTwin(key));

    /// <summary>A twin that exists.</summary>
    public FakeTwin Seed(string id, string reported = "{}", string desired = "{}", string tags = "{}", long revision = 1)
    {
        var twin = Twin(id);
        twin.Seed(reported, desired, tags, revision);
        return twin;
    }

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => (TGrainInterface)Get(typeof(TGrainInterface));

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ThrowIfFailing();
        return (TGrainInterface)(object)Twin(primaryKey);
    }

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => (TGrainObserverInterface)obj;

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
    }

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId) => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw new NotSupportedException();

    private object Get(Type type)
    {
        if (type == typeof(IEventListenersGrain))
        {
            return Listeners;
        }

        ThrowIfFailing();
        return type == typeof(IFleetGrain) ? Fleet
            : type == typeof(IDeadLettersGrain) ? DeadLetters
            : throw new NotSupportedException(type.FullName);
    }

    private void ThrowIfFailing()
    {
        if (Failure is not null)
        {
            throw Failure;
        }
    }
}
