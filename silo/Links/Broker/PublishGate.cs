namespace Twins.Silo.Links.Broker;

/// <summary>
/// Lets the publishes of a link go together, or one of them alone. When the connection ends while a publish was alone, that publish is
/// the likely cause. Safe for any thread.
/// </summary>
internal sealed class PublishGate
{
    private readonly Lock _gate = new();
    private Place? _first;
    private int _underWay;

    /// <summary>Completes when nothing is under way; set while somebody goes, or waits to go, alone.</summary>
    private TaskCompletionSource? _emptied;

    /// <summary>Lets a publish go with others; null while one goes alone.</summary>
    public Place? TryEnter()
    {
        lock (_gate)
        {
            if (_emptied is not null)
            {
                return null;
            }

            var place = new Place(this, alone: _underWay == 0);
            _underWay++;
            if (_underWay == 1)
            {
                _first = place;
            }
            else
            {
                _first?.IsAlone = false;
            }

            return place;
        }
    }

    /// <summary>Lets a publish go when nothing else is under way; null if another one goes alone, or after the timeout.</summary>
    public async Task<Place?> TryEnterAloneAsync(TimeSpan timeout, TimeProvider time)
    {
        TaskCompletionSource emptied;
        lock (_gate)
        {
            if (_emptied is not null)
            {
                return null;
            }

            emptied = _emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_underWay == 0)
            {
                emptied.SetResult();
            }
        }

        await emptied.Task.WaitAsync(timeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (_underWay > 0)
            {
                _emptied = null;
                return null;
            }

            _underWay++;
            return new Place(this, alone: true);
        }
    }

    private void Leave(Place place)
    {
        lock (_gate)
        {
            _underWay--;
            if (place == _first)
            {
                _first = null;
            }

            if (_underWay == 0)
            {
                if (_emptied is { Task.IsCompleted: false })
                {
                    _emptied.SetResult();
                }
                else
                {
                    _emptied = null;
                }
            }
        }
    }

    /// <summary>A publish that is under way.</summary>
    /// <param name="gate">Where.</param>
    /// <param name="alone">Whether nothing else was under way when it began.</param>
    internal sealed class Place(PublishGate gate, bool alone) : IDisposable
    {
        /// <summary>Gets whether nothing else was under way since it began.</summary>
        public bool IsAlone { get; internal set; } = alone;

        /// <summary>Notes that it is no longer under way.</summary>
        public void Dispose() => gate.Leave(this);
    }
}
