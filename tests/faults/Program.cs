using System.Runtime.InteropServices;

namespace Twins.Faults.Tests;

/// <summary>Runs the tests, or with <c>inflict</c> as the first argument what <c>tests/soak</c> is for.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["inflict", .. var line])
        {
            return await FaultCommand.Run(line);
        }

        // Without a handler a signal ends the process at once, and what it has started and made stays (.NET 10).
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(143));
        return arguments.Any(argument => argument is "--server" or "--internal-msbuild-node")
            ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments);
    }
}
