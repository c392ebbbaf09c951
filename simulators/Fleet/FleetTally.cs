namespace Twins.Simulators.Fleet;

/// <summary>What is counted while a fleet runs. Fields, so that they can be incremented from any thread.</summary>
internal sealed class FleetTally
{
    public long Connected;
    public long EverConnected;
    public long Connects;
    public long FailedConnects;
    public long LostConnections;
    public long Published;
    public long Acknowledged;
    public long Refused;
    public long Resent;
    public long Skipped;
    public long Readings;
    public long DesiredTaken;
    public long DesiredRefused;
    public long CommandsAnswered;
    public long CommandsUnknown;
    public long Problems;
}
