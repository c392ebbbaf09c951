using System.Text;
using System.Text.Json;
using Twins.Contracts;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;

namespace Twins.Silo.Dialects;

/// <summary>
/// Where a message stands in its device's order, from the members <c>$epoch</c>, <c>$seq</c>, <c>$ts</c> of its
/// payload: for devices that speak MQTT 3.1.1, which has no user properties.
/// </summary>
internal static class OrderMembers
{
    /// <summary>Reads the members and takes them out of the payload.</summary>
    public static bool TryTake(ref byte[] body, out MessageOrder? order, out Problem? problem)
    {
        order = null;
        problem = null;
        if (body.AsSpan().IndexOf("\"$"u8) < 0)
        {
            return true;
        }

        if (OrderProperties.TryRead(Take(ref body, "$epoch"), Take(ref body, "$seq"), Take(ref body, "$ts"), out order, out problem))
        {
            return true;
        }

        problem = problem! with { Detail = "$" + problem.Detail };
        return false;
    }

    private static string? Take(ref byte[] body, string name)
    {
        if (!PropertyPath.TryGet(body, [name], out var value))
        {
            return null;
        }

        var reader = new Utf8JsonReader(value.Span);
        reader.Read();
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : Encoding.UTF8.GetString(value.Span);
        body = PropertyPath.Remove(body, [name], out _);
        return text;
    }
}
