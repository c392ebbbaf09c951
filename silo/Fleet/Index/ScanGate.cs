namespace Twins.Silo.Fleet.Index;

/// <summary>
/// How many partitions of a silo read from the store at once. More would not be done sooner: the store answers in the order it was
/// asked, and devices want to be answered too. A partition that reads again answers meanwhile, so these leave places to those that do not.
/// </summary>
internal sealed class ScanGate : IDisposable
{
    private const int AtOnce = 4;
    private const int AgainAtOnce = 2;

    private readonly SemaphoreSlim _places = new(AtOnce, AtOnce);
    private readonly SemaphoreSlim _placesAgain = new(AgainAtOnce, AgainAtOnce);

    /// <summary>Waits for a place; dispose what it returns to leave it.</summary>
    /// <param name="again">It was read before.</param>
    public async Task<IDisposable> Enter(bool again)
    {
        if (again)
        {
            await _placesAgain.WaitAsync();
        }

        await _places.WaitAsync();
        return new Place(again ? [_places, _placesAgain] : [_places]);
    }

    public void Dispose()
    {
        _places.Dispose();
        _placesAgain.Dispose();
    }

    private sealed class Place(SemaphoreSlim[] places) : IDisposable
    {
        public void Dispose() => Array.ForEach(places, place => place.Release());
    }
}
