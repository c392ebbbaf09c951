using System.Buffers;

namespace Twins.Silo.Fleet.Index;

/// <summary>Tests texts, each distinct one once however many twins have it.</summary>
internal sealed class TextTest : CellTest, IDisposable
{
    private const byte Yes = 1;
    private const byte No = 2;

    private readonly Texts _texts;
    private readonly TextCondition _condition;
    private readonly TurnLimit _limit;
    private readonly byte[] _known;

    public TextTest(ManyCells severals, Texts texts, TextCondition condition, TurnLimit limit)
        : base(severals)
    {
        (_texts, _condition, _limit) = (texts, condition, limit);
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
            var text = _texts[Cell.CodeOf(cell)];
            _limit.Spend(text.Length);
            known = _condition.Holds(text) ? Yes : No;
        }

        return known == Yes;
    }
}
