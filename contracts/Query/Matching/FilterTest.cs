namespace Twins.Contracts.Query.Matching;

/// <summary>A filter in the form in which it is tested: it knows where what it looks at is put when a document is read.</summary>
internal abstract class FilterTest
{
    /// <summary>Whether it holds for the document that was read last.</summary>
    internal abstract bool Holds();
}
