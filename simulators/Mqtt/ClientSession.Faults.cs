namespace Twins.Simulators.Mqtt;

/// <summary>What can be made to go wrong with a connection.</summary>
internal sealed partial class ClientSession
{
    private TaskCompletionSource? _thawed;

    /// <summary>Ends a freeze before its time; null while there was none.</summary>
    private CancellationTokenSource? _freeze;

    /// <summary>Ends the time that a message takes; null while none took any.</summary>
    private CancellationTokenSource? _slowness;

    private TimeSpan _perMessage;
    private long _notBefore;
    private long _tookTime;
    private int _takingTime;
    private bool _frozen;
    private bool _dropped;

    private bool IsTakingTime => _takingTime > 0;

    public void Restart(TimeSpan pause)
    {
        lock (_gate)
        {
            _notBefore = Math.Max(_notBefore, _engine.Scheduler.Now + _engine.Scheduler.Ticks(pause));
            if (_connection is { } connection && !_frozen)
            {
                _dropped = true;
                connection.Dispose();
            }
        }
    }

    public void Slow(TimeSpan perMessage)
    {
        lock (_gate)
        {
            if (_leaving)
            {
                return;
            }

            _perMessage = perMessage > TimeSpan.Zero ? perMessage : TimeSpan.Zero;
            if (_perMessage == TimeSpan.Zero)
            {
                End(ref _slowness);
            }
        }
    }

    public void Freeze(TimeSpan span)
    {
        lock (_gate)
        {
            if (_connection is null || _frozen || _leaving || span <= TimeSpan.Zero)
            {
                return;
            }

            _frozen = true;

            // Not awaited: it ends with the freeze, and cannot fail.
            _ = ThawAsync(_thawed!, span, (_freeze ??= new CancellationTokenSource()).Token);
        }
    }

    private async Task ThawAsync(TaskCompletionSource thawed, TimeSpan span, CancellationToken early)
    {
        await EndOfAsync(span, early);
        thawed.TrySetResult();
    }

    /// <summary>Takes the time that a slow reader takes for a message; false: the connection is over, or frozen.</summary>
    private async ValueTask<bool> TakeTimeAsync(MqttConnection connection)
    {
        TimeSpan span;
        CancellationToken early;
        lock (_gate)
        {
            if (_perMessage == TimeSpan.Zero)
            {
                return true;
            }

            span = _perMessage;
            early = (_slowness ??= new CancellationTokenSource()).Token;
            _takingTime++;
        }

        await EndOfAsync(span, early);
        lock (_gate)
        {
            _takingTime--;
            _tookTime = _engine.Scheduler.Now;
            return HearsLocked(connection);
        }
    }

    private async Task EndOfAsync(TimeSpan span, CancellationToken early)
    {
        try
        {
            await _engine.Scheduler.DelayAsync(span, early);
        }
        catch (OperationCanceledException)
        {
            // The session ends, and faults with it.
        }
    }

    private void EndFaults()
    {
        lock (_gate)
        {
            _perMessage = TimeSpan.Zero;
            _notBefore = 0;
            End(ref _slowness);
            End(ref _freeze);
        }
    }

    // What waits for it goes on elsewhere, not on this stack: see ScheduledDelay.
    private static void End(ref CancellationTokenSource? source)
    {
        source?.Cancel();
        source?.Dispose();
        source = null;
    }

    /// <summary>Whether what this connection says is still listened to.</summary>
    private bool Hears(MqttConnection connection)
    {
        lock (_gate)
        {
            return HearsLocked(connection);
        }
    }

    private bool HearsLocked(MqttConnection connection) => ReferenceEquals(_connection, connection) && !_frozen;

    /// <summary>How long there is to be no connection yet.</summary>
    private TimeSpan Rest()
    {
        lock (_gate)
        {
            var now = _engine.Scheduler.Now;
            return _notBefore > now ? _engine.Scheduler.Between(now, _notBefore) : TimeSpan.Zero;
        }
    }

    // A connection that was dropped on purpose says nothing about the server.
    private TimeSpan NextPause()
    {
        lock (_gate)
        {
            var dropped = _dropped;
            _dropped = false;
            return dropped ? TimeSpan.Zero : _backoff.Next();
        }
    }
}
