namespace Twins.Silo.Hosting;

/// <summary>Says why the platform does not start, in one sentence.</summary>
public static class StartupRefusal
{
    /// <summary>Runs a host; where it refuses to start, prints the reason on standard error.</summary>
    /// <returns>The exit code: 0, or 1 where it refused.</returns>
    public static async Task<int> Guard(Func<Task> run)
    {
        try
        {
            FileDescriptors.CheckLimit();
            await run();
            return 0;
        }
        catch (Exception exception) when (Find(exception) is { } refused)
        {
            await Console.Error.WriteLineAsync($"Twins does not start: {refused.Message}");
            return 1;
        }
    }

    private static StartupRefusedException? Find(Exception? exception) => exception switch
    {
        null => null,
        StartupRefusedException refused => refused,
        AggregateException many => many.InnerExceptions.Select(Find).FirstOrDefault(found => found is not null),
        _ => Find(exception.InnerException),
    };
}
