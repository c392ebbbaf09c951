using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Twins.Api.Events;
using Twins.Contracts;
using Twins.Contracts.Twins;

namespace Twins.Api.Live;

/// <summary>What a client of <c>/live</c> asks for: a frame of its.</summary>
/// <param name="Name">The subscription.</param>
/// <param name="Ends">It is to end; else it begins, and this is what it is of.</param>
/// <param name="IsWatch">A watch; else events.</param>
/// <param name="Wish">Which events, or whose filter is watched.</param>
/// <param name="LastEventId">Where the events go on; null for from now on.</param>
internal sealed record LiveRequest(string Name, bool Ends, bool IsWatch, EventWish Wish, string? LastEventId)
{
    private const int MaxName = 64;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    private static readonly string[] s_members = ["subscribe", "unsubscribe", "to", "filter", "twin", "kinds", "lastEventId"];

    /// <summary>Reads a frame.</summary>
    /// <param name="frame">JSON in UTF-8.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="name">The subscription that the frame is about, as far as that can be told; for the problem.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> frame, [NotNullWhen(true)] out LiveRequest? request, out string? name, [NotNullWhen(false)] out Problem? problem)
    {
        request = null;
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var parsed = JsonDocument.Parse(frame, s_options);
            problem = Members(parsed.RootElement, members) ?? Read(members, out request);
        }
        catch (JsonException exception)
        {
            problem = LiveProblems.Frame($"it is not JSON (byte {exception.BytePositionInLine ?? 0}); send one object, like {{\"subscribe\":\"a\",\"to\":\"events\"}}");
        }
        catch (InvalidOperationException)
        {
            // JSON by its grammar, and yet no text (RFC 8259, 8.2).
            problem = LiveProblems.Frame("a text in it is no Unicode: \\ud800 and its like are half of a pair");
        }

        name = members.GetValueOrDefault("subscribe") ?? members.GetValueOrDefault("unsubscribe");
        return problem is null;
    }

    private static Problem? Members(JsonElement root, Dictionary<string, string> members)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return LiveProblems.Frame("it is not an object; send one, like {\"subscribe\":\"a\",\"to\":\"events\"}");
        }

        foreach (var member in root.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            if (!s_members.Contains(member.Name, StringComparer.Ordinal))
            {
                return LiveProblems.Frame($"it has a member \"{LiveProblems.Shorten(member.Name)}\"; there are {string.Join(", ", s_members)}");
            }

            if (member.Value.ValueKind != JsonValueKind.String)
            {
                return LiveProblems.Frame($"its \"{member.Name}\" is no text");
            }

            members[member.Name] = member.Value.GetString()!;
        }

        return null;
    }

    private static Problem? Read(Dictionary<string, string> members, out LiveRequest? request)
    {
        request = null;
        var begins = members.TryGetValue("subscribe", out var name);
        if (begins == members.TryGetValue("unsubscribe", out var ended))
        {
            return LiveProblems.Frame("it must have either \"subscribe\" or \"unsubscribe\", with the name of a subscription");
        }

        name ??= ended!;
        if (name.Length is 0 or > MaxName)
        {
            return LiveProblems.Frame($"the name of the subscription has {name.Length} characters; it may have 1 to {MaxName}");
        }

        if (!begins)
        {
            request = new LiveRequest(name, Ends: true, IsWatch: false, new EventWish(TwinId: null, Filter: null, EventKinds.All), LastEventId: null);
            return members.Count == 1 ? null : LiveProblems.Frame("beside \"unsubscribe\" there is nothing to say");
        }

        return Begins(name, members, out request);
    }

    private static Problem? Begins(string name, Dictionary<string, string> members, out LiveRequest? request)
    {
        request = null;
        var to = members.GetValueOrDefault("to");
        if (to is not ("events" or "watch"))
        {
            return LiveProblems.Frame("its \"to\" must be \"events\" or \"watch\"");
        }

        if (to == "watch" && Array.Find(["twin", "kinds", "lastEventId"], members.ContainsKey) is { } unfit)
        {
            return LiveProblems.Frame($"a watch has no \"{unfit}\"; it has a \"filter\"");
        }

        var twin = members.GetValueOrDefault("twin");
        if ((twin is not null && !TwinId.TryValidate(twin, out var problem))
            || !LiveFilter.TryParse(members.GetValueOrDefault("filter"), out var filter, out problem)
            || !EventKinds.TryParse(members.GetValueOrDefault("kinds"), out var kinds, out problem))
        {
            return problem;
        }

        request = new LiveRequest(name, Ends: false, to == "watch", new EventWish(twin, filter, kinds), members.GetValueOrDefault("lastEventId"));
        return null;
    }
}
