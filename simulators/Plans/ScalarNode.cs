namespace Twins.Simulators.Plans;

/// <summary>A single value.</summary>
/// <param name="Text">As it was written, without quotes.</param>
/// <param name="Plain">It was written without quotes, so that <c>5</c> is a number and <c>true</c> is true.</param>
/// <param name="Place">Where the text begins; without a column where it is not of one piece.</param>
internal sealed record ScalarNode(string Text, bool Plain, Place Place) : PlanNode(Place)
{
    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Words => IsNull ? "nothing" : $"\"{(Text.Length > 60 ? Text[..60] + "…" : Text).ReplaceLineEndings(" ")}\"";
}
