using System.Diagnostics;

namespace Twins.Tests.Harness;

/// <summary>Waits for a condition with a deadline; never for a time.</summary>
public static class Eventually
{
    /// <summary>Long enough for a busy machine of two cores; nothing that works comes near it.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Repeats <paramref name="attempt"/> until it no longer throws; at the deadline its last exception goes on.</summary>
    public static async Task Passes(Func<Task> attempt, TimeSpan? deadline = null)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(s_interval);
        while (true)
        {
            try
            {
                await attempt();
                return;
            }
            catch (Exception) when (watch.Elapsed < (deadline ?? Deadline))
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>Repeats <paramref name="probe"/> until it is true.</summary>
    /// <param name="what">Completes "waited 20 s for …".</param>
    public static async Task Is(Func<Task<bool>> probe, string what, TimeSpan? deadline = null)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(s_interval);
        while (!await probe())
        {
            if (watch.Elapsed >= (deadline ?? Deadline))
            {
                throw new TimeoutException($"waited {(deadline ?? Deadline).TotalSeconds:0.#} s for {what}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <inheritdoc cref="Is(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task Is(Func<bool> probe, string what, TimeSpan? deadline = null) =>
        Is(() => Task.FromResult(probe()), what, deadline);

    /// <summary>Repeats <paramref name="read"/> until its result is as expected; returns it.</summary>
    public static async Task<T> Holds<T>(Func<Task<T>> read, Func<T, bool> expected)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var value = await read();
            if (expected(value))
            {
                return value;
            }

            if (watch.Elapsed >= Deadline)
            {
                throw new TimeoutException($"still {value} after {Deadline.TotalSeconds} s");
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
