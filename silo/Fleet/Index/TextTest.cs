using System.Buffers;

namespace Twins.Silo.Fleet.Index;

/// <summary>Tests texts, each distinct one once however many twins have it.</summary>
internal sealed class TextTest : CellTest, IDisposable
{
    private const byte Yes = 1;
    private const byte No = 2;

    private readonly Texts _texts;
    private readonly TextCondition _condition;
    private readonly byte[] _known;

    public TextTest(ManyCells severals, Texts texts, TextCondition condition)
        : base(severals)
    {
        (_texts, _condition) = (texts, condition);
        _known = ArrayPool<byte>.Shared.Rent(texts.Codes);
        _known.AsSpan(0, texts.Codes).Clear();
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_known);

    protected override bool HoldsForOne(ulong cell)
    {
        if (!Cell.IsText(cell))
        {
            return false;
        }

        ref var known = ref _known[Cell.CodeOf(cell)];
        if (known == 0)
        {
            known = _condition.Holds(_texts[Cell.CodeOf(cell)]) ? Yes : No;
        }

        return known == Yes;
    }
}
