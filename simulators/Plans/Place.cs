namespace Twins.Simulators.Plans;

/// <summary>Where something stands in a file.</summary>
/// <param name="File">The file's name, without folders.</param>
/// <param name="Line">From 1; 0: nowhere in particular.</param>
/// <param name="Column">From 1; 0: anywhere in the line.</param>
internal readonly record struct Place(string File, int Line, int Column = 0)
{
    /// <summary>So many characters further on the same line.</summary>
    public Place Plus(int characters) => Column == 0 ? this : this with { Column = Column + characters };

    public override string ToString() => Line == 0 ? File
        : Column == 0 ? $"{File}, line {Line}"
        : $"{File}, line {Line}, column {Column}";
}
