namespace Twins.Silo.Twins;

/// <summary>
/// One kind of things that leave a twin: handed over by one at a time, again where more has come meanwhile. Only for
/// the grain's own thread.
/// </summary>
/// <param name="handOver">Hands over what is due; true if something has to be tried again later.</param>
internal sealed class Outlet(Func<Task<bool>> handOver)
{
    private bool _running;
    private bool _again;

    /// <summary>Something was not taken, and is to be tried again later.</summary>
    public bool Waits { get; private set; }

    /// <summary>Hands over what is due, unless that is under way; then it is looked again when that is done.</summary>
    /// <param name="goOn">Whether to look again.</param>
    public async Task Open(Func<bool> goOn)
    {
        if (_running)
        {
            _again = true;
            return;
        }

        _running = true;
        try
        {
            do
            {
                _again = false;
                Waits = await handOver();
            }
            while (_again && goOn());
        }
        finally
        {
            _running = false;
        }
    }
}
