namespace Twins.Silo.Fleet.Index;

/// <summary>A condition on a text.</summary>
internal abstract class TextCondition
{
    /// <summary>Whether it holds for a text in UTF-8.</summary>
    public abstract bool Holds(ReadOnlySpan<byte> text);
}
