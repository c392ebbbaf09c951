namespace Twins.Simulators.Mqtt;

/// <summary>Pauses between attempts: doubling up to a limit, each shortened by up to half at random so that devices do not march in step.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan maximum, Random jitter)
{
    private int _attempts;

    public TimeSpan Next()
    {
        // 2^20 times the first pause is beyond any limit, and the shift must not overflow.
        var pause = first * (1L << Math.Min(_attempts++, 20));
        return (pause < maximum ? pause : maximum) * (0.5 + jitter.NextDouble() / 2);
    }

    public void Reset() => _attempts = 0;
}
