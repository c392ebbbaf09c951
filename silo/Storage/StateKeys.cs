using StackExchange.Redis;

namespace Twins.Silo.Storage;

/// <summary>Where a grain's state lies in the store; the same for all who read and write it.</summary>
/// <param name="serviceId">Platforms that share a store are told apart by it.</param>
internal sealed class StateKeys(string serviceId)
{
    private readonly string _prefix = $"{serviceId}/state/";

    /// <summary>Spelled as Orleans' provider does by itself, for example <c>twins/state/twin/acme:pump-1/twin</c>.</summary>
    public RedisKey Of(string stateName, GrainId grain) => $"{_prefix}{grain.Type}/{grain.Key}/{stateName}";
}
