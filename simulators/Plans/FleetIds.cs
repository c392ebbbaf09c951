using Twins.Contracts.Twins;

namespace Twins.Simulators.Plans;

/// <summary>Sees to it that every device of a fleet has a twin id, and one of its own.</summary>
internal static class FleetIds
{
    /// <summary>Notes ids that are none, and ids that two devices would have.</summary>
    public static void Check(FleetPlan plan, MapNode kinds, Mistakes mistakes)
    {
        var total = plan.Kinds.Sum(static kind => (long)kind.Count);
        if (total > KindReader.MostDevices)
        {
            mistakes.Add(kinds.Place with { Column = 0 }, $"the fleet has {total} devices; one process simulates at most {KindReader.MostDevices}, so run several");
            return;
        }

        var right = true;
        foreach (var kind in plan.Kinds)
        {
            var place = PlaceOf(kinds, kind);
            if (kind.Count > 1 && !IdPattern.Counts(kind.IdPattern))
            {
                mistakes.Add(place, $"id \"{kind.IdPattern}\" is the same for all {kind.Count} devices of \"{kind.Name}\"; put {{n}} in it");
                right = false;
            }
            else if (!TwinId.TryValidate($"{plan.Namespace}:{IdPattern.Fill(kind.IdPattern, kind.Name, kind.Count)}", out var problem))
            {
                mistakes.Add(place, problem.Detail);
                right = false;
            }
        }

        if (right && plan.Kinds.Count > 1)
        {
            FindDoubles(plan, kinds, mistakes);
        }
    }

    private static void FindDoubles(FleetPlan plan, MapNode kinds, Mistakes mistakes)
    {
        var owners = new Dictionary<string, KindPlan>(StringComparer.Ordinal);
        foreach (var kind in plan.Kinds)
        {
            for (var n = 1; n <= kind.Count; n++)
            {
                var id = IdPattern.Fill(kind.IdPattern, kind.Name, n);
                if (!owners.TryAdd(id, kind))
                {
                    mistakes.Add(PlaceOf(kinds, kind), $"twin id \"{plan.Namespace}:{id}\" is one of \"{owners[id].Name}\" and of \"{kind.Name}\"; put {{kind}} in the id of one of them");
                    break;
                }
            }
        }
    }

    private static Place PlaceOf(MapNode kinds, KindPlan kind)
    {
        var map = kinds.Find(kind.Name)!;
        return ((map as MapNode)?.Find("id") ?? map).Place with { Column = 0 };
    }
}
