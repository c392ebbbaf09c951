namespace Twins.Simulators.Views;

/// <summary>How fast a count grows, over the last few seconds.</summary>
internal sealed class RateMeter(TimeSpan window)
{
    private readonly Queue<(TimeSpan At, long Count)> _samples = new([(TimeSpan.Zero, 0)]);

    /// <summary>Takes a sample and gives the growth per second over the window.</summary>
    public double Add(TimeSpan at, long count)
    {
        _samples.Enqueue((at, count));
        while (_samples.Count > 2 && at - _samples.Peek().At > window)
        {
            _samples.Dequeue();
        }

        var (first, from) = _samples.Peek();
        return at > first ? (count - from) / (at - first).TotalSeconds : 0;
    }
}
