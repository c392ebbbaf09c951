using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>Equality of canonical values: objects whatever the order of their members, numbers by value.</summary>
internal static class JsonEquality
{
    internal static bool AreEqual(in JsonTape left, int a, in JsonTape right, int b)
    {
        if (left.Kind(a) != right.Kind(b) || left.Children(a) != right.Children(b))
        {
            return false;
        }

        return left.Kind(a) switch
        {
            JsonTokenType.Number => JsonNumber.AreEqual(left.Value(a), right.Value(b)),
            JsonTokenType.StartArray => ElementsAreEqual(left, a, right, b),
            JsonTokenType.StartObject => MembersAreEqual(left, a, right, b),
            _ => left.Value(a).SequenceEqual(right.Value(b)),
        };
    }

    private static bool ElementsAreEqual(in JsonTape left, int a, in JsonTape right, int b)
    {
        var other = b + 1;
        for (var element = a + 1; element < left.Next(a); element = left.Next(element))
        {
            if (!AreEqual(left, element, right, other))
            {
                return false;
            }

            other = right.Next(other);
        }

        return true;
    }

    // Names are unique on both sides and equally many: finding all of one side's is enough.
    private static bool MembersAreEqual(in JsonTape left, int a, in JsonTape right, int b)
    {
        var finder = right.Members(b);
        try
        {
            for (var member = a + 1; member < left.Next(a); member = left.Next(member))
            {
                var match = finder.Find(left.Name(member));
                if (match < 0 || !AreEqual(left, member, right, match))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            finder.Dispose();
        }
    }
}
