using System.Text;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Devices;

/// <summary>What all devices of a kind have in common, worked out once.</summary>
internal sealed class SimulatedKind
{
    private static readonly byte[] Nothing = "{}"u8.ToArray();

    private readonly Func<KindPlan, int, Random, DateTimeOffset, IDeviceModel> _model;
    private readonly Dictionary<string, CommandAnswer> _answers = new(StringComparer.Ordinal);

    public SimulatedKind(KindPlan plan, Func<KindPlan, int, Random, DateTimeOffset, IDeviceModel> model)
    {
        Plan = plan;
        _model = model;
        Desired = new DesiredRules(plan.Desired, plan.DesiredOf);
        Members = [.. plan.Properties.Where(property => !property.Hidden).Select(property => property.Path.Split('/')[0]).Distinct(StringComparer.Ordinal)];
        foreach (var (name, command) in plan.Commands)
        {
            _answers.Add(name, new CommandAnswer(command.Status, command.Body is null ? Nothing : Encoding.UTF8.GetBytes(command.Body)));
        }
    }

    public KindPlan Plan { get; }

    public DesiredRules Desired { get; }

    /// <summary>The members of a report that its properties make up.</summary>
    public IReadOnlyList<string> Members { get; }

    public IDeviceModel Create(int serial, Random random, DateTimeOffset start) => _model(Plan, serial, random, start);

    /// <summary>What the plan has devices answer to a command; null: nothing of its own.</summary>
    public (CommandPlan Plan, CommandAnswer Answer)? Command(string name) =>
        Plan.Commands.TryGetValue(name, out var command) ? (command, _answers[name]) : null;
}
