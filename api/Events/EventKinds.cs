using Twins.Api.Problems;
using Twins.Contracts;
using Twins.Contracts.Events;

namespace Twins.Api.Events;

/// <summary>A set of kinds of events: <c>kinds=changed,online</c>.</summary>
/// <param name="Bits">One bit for each of <see cref="Names"/>.</param>
internal readonly record struct EventKinds(int Bits)
{
    /// <summary>All that there are.</summary>
    public static readonly string[] Names =
        [TwinEventKinds.Created, TwinEventKinds.Changed, TwinEventKinds.Deleted, TwinEventKinds.Online, TwinEventKinds.Offline, TwinEventKinds.Command];

    /// <summary>Every kind, those too that are not known here.</summary>
    public static EventKinds All { get; } = new(-1);

    /// <summary>The set with one kind in it; one that is not known here is only in <see cref="All"/>.</summary>
    public static EventKinds Of(string kind) => Array.IndexOf(Names, kind) is >= 0 and var index ? new(1 << index) : new(1 << 31);

    /// <summary>Whether a set with one kind is in this one.</summary>
    public bool Contain(EventKinds kind) => (Bits & kind.Bits) != 0;

    /// <summary>Reads kinds with commas between them; none at all are all.</summary>
    public static bool TryParse(string? text, out EventKinds kinds, out Problem? problem)
    {
        problem = null;
        kinds = All;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var bits = 0;
        foreach (var name in text.Split(','))
        {
            if (Array.IndexOf(Names, name) is not (>= 0 and var index))
            {
                problem = RequestProblems.Parameter("kinds", text, $"some of {string.Join(", ", Names)}, with commas between them");
                return false;
            }

            bits |= 1 << index;
        }

        kinds = new EventKinds(bits);
        return true;
    }
}
