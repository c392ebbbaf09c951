namespace Twins.Silo.Fleet.Index;

/// <summary>
/// How many partitions of a silo read from the store at once. More would not be done sooner: the store answers in the order it was
/// asked, and devices want to be answered too.
/// </summary>
internal sealed class ScanGate : IDisposable
{
    private const int AtOnce = 4;

    private readonly SemaphoreSlim _places = new(AtOnce, AtOnce);

    /// <summary>Waits for a place; dispose what it returns to leave it.</summary>
    public async Task<IDisposable> Enter()
    {
        await _places.WaitAsync();
        return new Place(_places);
    }

    public void Dispose() => _places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
