using Xunit;

namespace Twins.Silo.Tests.Harness;

/// <summary>Waits for what happens elsewhere.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static async Task<T> Holds<T>(Func<Task<T>> read, Func<T, bool> expected)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (expected(value))
            {
                return value;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, $"still {value} after {Deadline.TotalSeconds} s");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
