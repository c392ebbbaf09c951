namespace Twins.Simulators.Plans;

/// <summary>Every key a fleet file can have, by the part of the file it stands in; the JSON Schema names them the same.</summary>
internal static class FleetKeys
{
    /// <summary>The keys of a property that say how its value comes about; it has one of them.</summary>
    public static readonly string[] Behaviours =
        ["constant", "formula", "uniform", "normal", "walk", "sine", "daily", "markov", "counter", "track", "approach", "setting", "recorded"];

    /// <summary>The keys that every fault can have.</summary>
    private static readonly string[] AnyFault = ["at", "every", "for", "share", "kinds"];

    /// <summary>The keys, by part.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Of = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["fleet"] = ["name", "namespace", "seed", "start", "speed", "duration", "kinds", "faults"],
        ["kind"] = ["extends", "count", "id", "tags", "properties", "report", "desired", "commands", "gateway", "sequence", "timestamps"],
        ["report"] = ["every", "jitter", "onChange", "atLeastEvery", "burst", "wholeOnce"],
        ["desired"] = ["reaction", "delay", "properties"],
        ["reaction"] = ["reaction", "delay"],
        ["command"] = ["status", "body", "delay", "probability"],
        ["property"] = [.. Behaviours, "deadBand", "decimals", "min", "max", "hidden"],
        ["uniform"] = ["min", "max"],
        ["normal"] = ["mean", "deviation"],
        ["walk"] = ["start", "spread", "mean", "memory"],
        ["sine"] = ["mean", "amplitude", "period", "phase", "noise"],
        ["daily"] = ["points", "weekdays", "weekend", "stepped", "noise"],
        ["markov"] = ["states", "start"],
        ["state"] = ["value", "stay", "next"],
        ["counter"] = ["rate", "start", "wrap", "resetEvery"],
        ["track"] = ["route", "speed", "end", "start"],
        ["approach"] = ["target", "within", "start"],
        ["setting"] = ["default", "options"],
        ["recorded"] = ["file", "column", "device", "hold", "loop", "byClock"],
        ["fault"] = ["disconnect", "flap", "duplicate", "reorder", "skew", "stuck", "drift", "malformed", "slow", "half-open"],
        ["disconnect"] = [.. AnyFault, "probability"],
        ["flap"] = [.. AnyFault, "up", "down"],
        ["duplicate"] = [.. AnyFault, "probability"],
        ["reorder"] = [.. AnyFault, "probability", "by"],
        ["skew"] = [.. AnyFault, "by"],
        ["stuck"] = [.. AnyFault, "property"],
        ["drift"] = [.. AnyFault, "property", "by"],
        ["malformed"] = [.. AnyFault, "probability"],
        ["slow"] = [.. AnyFault, "delay"],
        ["half-open"] = [.. AnyFault, "probability"],
    };
}
