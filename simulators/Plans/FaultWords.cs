using System.Globalization;

namespace Twins.Simulators.Plans;

/// <summary>Says in words what a fault does, to whom and when.</summary>
internal static class FaultWords
{
    /// <summary>What goes wrong.</summary>
    public static string What(FaultPlan fault) => fault.Kind switch
    {
        FaultKind.Disconnect => "connections end without a word",
        FaultKind.Flap => $"connections last {Spans.Write(fault.Up)} and are gone for {Spans.Write(fault.Down)}",
        FaultKind.Duplicate => $"{Share(fault.Probability)} of messages are sent twice",
        FaultKind.Reorder => $"{Share(fault.Probability)} of reports are sent behind {fault.By} later",
        FaultKind.Skew => $"clocks are {Spans.Write(TimeSpan.FromSeconds(Math.Abs(fault.By)))} {(fault.By < 0 ? "behind" : "ahead")}",
        FaultKind.Stuck => $"{fault.Property} keeps its value",
        FaultKind.Drift => string.Create(CultureInfo.InvariantCulture, $"{fault.Property} wanders off by {fault.By} an hour"),
        FaultKind.Malformed => $"{Share(fault.Probability)} of payloads are no JSON object",
        FaultKind.Slow => $"each message to a device takes {Spans.Write(fault.Up)} to read",
        _ => "sockets stay open and nothing passes",
    };

    /// <summary>Who is struck.</summary>
    public static string Whom(FaultPlan fault, FleetPlan plan)
    {
        var devices = plan.Kinds.Where(kind => fault.Kinds.Count == 0 || fault.Kinds.Contains(kind.Name, StringComparer.Ordinal)).Sum(static kind => kind.Count);
        var of = fault.Kinds.Count == 0 ? "all" : string.Join(", ", fault.Kinds);
        return fault.Share >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{of} ({devices:N0})")
            : string.Create(CultureInfo.InvariantCulture, $"{Share(fault.Share)} of {of} (about {Math.Round(devices * fault.Share):N0} of {devices:N0})");
    }

    /// <summary>When.</summary>
    public static string When(FaultPlan fault)
    {
        var chance = fault is { Kind: FaultKind.Disconnect or FaultKind.HalfOpen, Probability: { } likely } ? $"in any minute by {Share(likely)}" : "";
        var schedule = fault.At > TimeSpan.Zero || fault.Every is not null || chance.Length == 0
            ? (fault.At > TimeSpan.Zero ? $"at {Spans.Write(fault.At)}" : "from the start")
                + (fault.Every is { } every ? $", again each {Spans.Write(every)}" : "")
            : "";
        return string.Join(", ", ((string[])[schedule, chance, fault.For is { } span ? $"for {Spans.Write(span)}" : ""]).Where(static part => part.Length > 0));
    }

    private static string Share(double? share) => string.Create(CultureInfo.InvariantCulture, $"{(share ?? 1) * 100:0.###} %");
}
