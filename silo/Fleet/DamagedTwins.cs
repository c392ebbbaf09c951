using System.Collections.Concurrent;
using Twins.Contracts.Storage;
using Twins.Contracts.Twins;

namespace Twins.Silo.Fleet;

/// <summary>Reads twins for lists and queries, and leaves out those whose rows are damaged. Safe for any thread.</summary>
internal sealed partial class DamagedTwins(ILogger<DamagedTwins> logger)
{
    /// <summary>Ids that are remembered as logged.</summary>
    private const int MaxLogged = 10_000;

    private readonly ConcurrentDictionary<string, bool> _logged = new(StringComparer.Ordinal);

    /// <summary>Reads a twin; null if there is none, or if its row is damaged, which is logged once.</summary>
    public async Task<TwinView?> ReadAsync(string id, ITwinGrain twin)
    {
        try
        {
            return await twin.Get();
        }
        catch (Exception exception) when (StoreFaults.FaultOf(exception) == StoreFault.TwinDamaged)
        {
            if (_logged.Count < MaxLogged && _logged.TryAdd(id, true))
            {
                LeftOut(id);
            }

            return null;
        }
    }

    [LoggerMessage(LogEvents.DamagedTwinLeftOut, LogLevel.Warning, "Failed to read twin {TwinId}: its row is damaged. Lists and queries leave it out until it is deleted or restored.")]
    private partial void LeftOut(string twinId);
}
