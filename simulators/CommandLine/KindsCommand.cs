using System.CommandLine;
using Spectre.Console;
using Twins.Simulators.Kinds;
using Twins.Simulators.Plans;
using Twins.Simulators.Views;

namespace Twins.Simulators.CommandLine;

/// <summary><c>kinds [NAME]</c>: what devices come with the simulator, or the file of one of them.</summary>
internal sealed class KindsCommand : Command
{
    private readonly Argument<string?> _name = new("name")
    {
        Description = "Writes this kind's YAML, a fleet file to be run or changed.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public KindsCommand(Surface surface)
        : base("kinds", "Lists the kinds of devices that come with the simulator, or writes one of them as a fleet file.")
    {
        Add(_name);
        SetAction(line => line.GetValue(_name) is { } name ? Write(name, surface) : List(surface));
    }

    private static int List(Surface surface)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (var name in KindLibrary.All)
        {
            grid.AddRow(name, KindLibrary.Summary(name).EscapeMarkup());
        }

        surface.ForTables().Write(grid);
        return ExitCodes.Fine;
    }

    private static int Write(string name, Surface surface)
    {
        if (KindLibrary.Find(name) is not { } kind)
        {
            surface.Error.WriteLine(Suggestion.Write($"there is no kind \"{name}\"", name, KindLibrary.All));
            return ExitCodes.BadUsage;
        }

        // Plain, and the sample as a comment: what is written can be saved as it is.
        var plan = new FleetPlan { Name = name, Kinds = [kind] };
        surface.Out.Write(KindLibrary.Yaml(name));
        surface.Out.WriteLine();
        surface.Out.WriteLine("# A first report, without kind, firmware, serial and interval:");
        surface.Out.WriteLine($"# {KindForecast.Of(plan, kind).Sample}");
        return ExitCodes.Fine;
    }
}
