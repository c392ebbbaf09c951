using Microsoft.Extensions.Options;
using Twins.Contracts.Twins;
using Twins.Silo.Hosting;
using Twins.Silo.Links;
using Twins.Silo.Storage;
using Twins.Silo.Twins;

namespace Twins.Silo.Fleet;

/// <summary>
/// Reads pages of twins from the store. A twin shows its readers its last durable state, so its grain need not be activated for that. The grain
/// is asked if its presence may be wrong, or if the store does not return a readable state.
/// </summary>
internal sealed class StoredPages(
    TwinStates states, IGrainFactory grains, DamagedTwins damaged, LinkTable links, IOptions<TwinsOptions> options, TimeProvider time)
{
    /// <summary>Returns the twins in the order of their ids; null for one that does not exist or is damaged.</summary>
    public async Task<TwinView?[]> ReadAsync(string[] ids)
    {
        var stored = await states.ReadAsync(ids);
        var now = time.GetUtcNow();
        return await Task.WhenAll(ids.Zip(stored, (id, state) => ViewAsync(id, state, now)));
    }

    private Task<TwinView?> ViewAsync(string id, TwinState? state, DateTimeOffset now)
    {
        if (state is null || IsDoubtful(state, now))
        {
            return damaged.ReadAsync(id, grains.Twin(id));
        }

        return Task.FromResult(state.Exists ? new TwinView(id, state.Revision, TwinDocument.ForApplications(id, state)) : null);
    }

    // The twin corrects these before it answers (TwinGrain.CorrectPresence).
    private bool IsDoubtful(TwinState state, DateTimeOffset now) =>
        state is { Exists: true, Connection: { Online: true, Address: { } address } }
            && (links.IsGone(address) || Inactivity.IsOver(state, options.Value.Devices.InactivityTimeout, now));
}
