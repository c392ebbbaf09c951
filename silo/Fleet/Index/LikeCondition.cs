using System.Buffers;
using System.Text;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>Whether a text has the form of a pattern.</summary>
internal sealed class LikeCondition(LikePattern pattern) : TextCondition
{
    private const int Short = 256;

    public override bool Holds(ReadOnlySpan<byte> text)
    {
        // No text has more characters than bytes.
        char[]? rented = null;
        Span<char> characters = text.Length <= Short ? stackalloc char[Short] : rented = ArrayPool<char>.Shared.Rent(text.Length);
        var holds = pattern.Matches(characters[..Encoding.UTF8.GetChars(text, characters)]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return holds;
    }
}
