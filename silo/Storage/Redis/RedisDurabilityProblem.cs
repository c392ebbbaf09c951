namespace Twins.Silo.Storage.Redis;

/// <summary>Says why Redis may lose what it acknowledges.</summary>
/// <param name="Found">What is wrong, and where.</param>
/// <param name="Remedy">What to change.</param>
internal sealed record RedisDurabilityProblem(string Found, string Remedy)
{
    public override string ToString() => $"{Found}; {Remedy}";
}
