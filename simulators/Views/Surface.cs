using Spectre.Console;

namespace Twins.Simulators.Views;

/// <summary>Where a run shows itself.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Complaints, and progress where <paramref name="Out"/> is for a program to read.</param>
/// <param name="Terminal">The terminal behind <paramref name="Out"/>, if there is one.</param>
internal sealed record Surface(TextWriter Out, TextWriter Error, IAnsiConsole? Terminal)
{
    // As wide as the summary needs; a file has no width of its own.
    private const int PlainWidth = 160;

    /// <summary>The console of this process.</summary>
    public static Surface OfThisProcess() => new(
        Console.Out,
        Console.Error,
        !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi ? AnsiConsole.Console : null);

    /// <summary>The terminal, or something that lays out the same on plain text.</summary>
    public IAnsiConsole ForTables()
    {
        if (Terminal is not null)
        {
            return Terminal;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Out),
        });
        console.Profile.Width = PlainWidth;
        return console;
    }
}
