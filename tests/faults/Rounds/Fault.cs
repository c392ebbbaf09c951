namespace Twins.Faults.Tests;

/// <summary>One fault on one part.</summary>
/// <param name="Name">What <c>tests/soak --what</c> calls it.</param>
/// <param name="Affliction">What is done.</param>
/// <param name="Victim">To whom.</param>
/// <param name="Rounds">How often, where nobody says.</param>
internal sealed record Fault(string Name, Affliction Affliction, Victim Victim, int Rounds)
{
    /// <summary>How long a stop or a cut lasts.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>It takes its time: a stop or a cut.</summary>
    public bool Lasts => Affliction is Affliction.Stop or Affliction.Cut;

    /// <summary>
    /// A killed silo stays away until the others have taken over, so that it is their time that is measured; what
    /// nobody can stand in for is started again at once.
    /// </summary>
    public bool StaysAway => Affliction is Affliction.Kill && Victim is Victim.Silo or Victim.LinkSilo;

    /// <summary>Mosquitto acknowledges first and saves afterwards: only what it had saved is promised (docs/brokers.md).</summary>
    public bool BrokerForgets => Affliction is Affliction.Kill && Victim is Victim.Mosquitto;

    /// <summary>In words.</summary>
    public string What => $"{Whom}: {How}";

    private string Whom => Victim switch
    {
        Victim.Silo => "one silo of three",
        Victim.LinkSilo => "the silo of three that holds the broker link",
        Victim.Api => "the API, a client of three silos",
        Victim.Redis => "Redis below three silos",
        Victim.Mosquitto => "the Mosquitto that three silos are linked to",
        _ => "the one process that is the platform, on the embedded store",
    };

    private string How => Affliction switch
    {
        Affliction.Kill when StaysAway => "SIGKILL, started again when all twins answer",
        Affliction.Kill => "SIGKILL, started again at once",
        Affliction.Restart => "SIGTERM, started again at once",
        Affliction.Stop => $"SIGSTOP, SIGCONT after {For.TotalSeconds:0} s",
        _ => $"its network cable pulled for {For.TotalSeconds:0} s",
    };
}
