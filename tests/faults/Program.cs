namespace Twins.Faults.Tests;

/// <summary>Runs the tests, or with <c>inflict</c> as the first argument what <c>tests/soak</c> is for.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => arguments switch
    {
        ["inflict", .. var line] => FaultCommand.Run(line),
        _ when arguments.Any(argument => argument is "--server" or "--internal-msbuild-node") =>
            Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments),
    };
}
