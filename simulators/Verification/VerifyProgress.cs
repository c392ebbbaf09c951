namespace Twins.Simulators.Verification;

/// <summary>How far a verification is.</summary>
/// <param name="Doing">What it does, in a few words.</param>
/// <param name="Share">How much of that is done, 0 to 1.</param>
internal sealed record VerifyProgress(string Doing, double Share);
