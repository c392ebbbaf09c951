using System.Text.Encodings.Web;
using System.Text.Json;

namespace Twins.Simulators.Behaviours;

/// <summary>A member of the reported document: a property, or an object of more members.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Name">The same, as it is written.</param>
/// <param name="Property">The property's number; less than 0: an object.</param>
/// <param name="Members">What the object has.</param>
internal sealed record MemberNode(string Key, JsonEncodedText Name, int Property, MemberNode[] Members)
{
    /// <summary>All members of a kind, in the order of its properties; hidden ones are left out.</summary>
    public static MemberNode[] Tree(BoundProperty[] properties) => Level(
        [.. properties.Select((property, index) => (Index: index, property.Plan))
            .Where(property => !property.Plan.Hidden)
            .Select(property => (property.Index, property.Plan.Path.Split('/')))],
        0);

    private static MemberNode[] Level(IReadOnlyList<(int Index, string[] Path)> properties, int depth) =>
        [.. properties.GroupBy(property => property.Path[depth], StringComparer.Ordinal).Select(group =>
        {
            var name = JsonEncodedText.Encode(group.Key, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
            return group.First() is var (index, path) && path.Length == depth + 1
                ? new MemberNode(group.Key, name, index, [])
                : new MemberNode(group.Key, name, -1, Level([.. group], depth + 1));
        })];
}
