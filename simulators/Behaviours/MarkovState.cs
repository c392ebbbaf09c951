namespace Twins.Simulators.Behaviours;

/// <summary>One of the states a property changes between.</summary>
/// <param name="Name">What it is called in the file.</param>
/// <param name="Value">What the property then is; a constant.</param>
/// <param name="Stay">How many seconds it lasts on average; each stay is drawn (exponential).</param>
/// <param name="Next">How likely each state follows, by index; in any scale.</param>
internal sealed record MarkovState(string Name, Formula Value, Formula Stay, IReadOnlyList<double> Next);
