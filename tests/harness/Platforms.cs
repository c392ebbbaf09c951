namespace Twins.Tests.Harness;

/// <summary>
/// The platforms that the tests share, one per store, started when first asked for. Tests keep out of one another's
/// way with twin ids of their own.
/// </summary>
public sealed class Platforms : IAsyncLifetime
{
    private readonly Dictionary<Store, Lazy<Task<Platform>>> _platforms = Enum.GetValues<Store>()
        .ToDictionary(store => store, store => new Lazy<Task<Platform>>(() => Platform.Start(store, broker: true)));

    /// <summary>The running platform on this store.</summary>
    public Task<Platform> On(Store store) => _platforms[store].Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var platform in _platforms.Values.Where(platform => platform is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            await (await platform.Value).DisposeAsync();
        }
    }
}
