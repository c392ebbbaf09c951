namespace Twins.Tests.Harness;

/// <summary>What to show beside a test that failed.</summary>
public static class TestOutput
{
    private const int Lines = 80;

    /// <summary>The test that is being cleaned up has failed.</summary>
    public static bool TestFailed => TestContext.Current.TestState?.Result == TestResult.Failed;

    /// <summary>Adds the last lines that a platform printed, if the test failed.</summary>
    public static void ShowIfFailed(TwinsProcess twins) => ShowIfFailed("the platform", twins.Output);

    /// <summary>Adds the last lines that a process printed, if the test failed.</summary>
    public static void ShowIfFailed(string name, string output)
    {
        if (TestFailed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"the last lines of {name}:\n{string.Join('\n', output.Split('\n').TakeLast(Lines))}");
        }
    }
}
