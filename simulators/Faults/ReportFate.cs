namespace Twins.Simulators.Faults;

/// <summary>What befalls one report.</summary>
/// <param name="Twice">It is sent twice.</param>
/// <param name="Behind">It is sent behind so many later ones; 0: in its turn.</param>
/// <param name="Broken">What is wrong with its payload.</param>
internal readonly record struct ReportFate(bool Twice, int Behind, Breakage Broken)
{
    public static ReportFate None { get; }
}
