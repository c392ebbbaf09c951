namespace Twins.Contracts.Twins;

/// <summary>Numbers calls of this process to twins, so that a twin can tell a call that was given up from the one that repeats it.</summary>
public static class CallNumbers
{
    private static long s_last;

    /// <summary>Returns a number that is higher than all that this process has used.</summary>
    public static long Next() => Interlocked.Increment(ref s_last);
}
