namespace Twins.Simulators.Fleet;

/// <summary>A fleet's numbers at one moment, counted since its start.</summary>
public sealed record FleetSnapshot
{
    /// <summary>Where the fleet is in its life.</summary>
    public FleetState State { get; init; }

    /// <summary>Since the start, until the stop.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>How many devices there are.</summary>
    public int Devices { get; init; }

    /// <summary>How many are connected now.</summary>
    public long Connected { get; init; }

    /// <summary>How many have been connected at least once.</summary>
    public long EverConnected { get; init; }

    /// <summary>How many tried to connect and never succeeded.</summary>
    public long NeverConnected { get; init; }

    /// <summary>How often a connection was made.</summary>
    public long Connects { get; init; }

    /// <summary>How often an attempt to connect failed.</summary>
    public long FailedConnects { get; init; }

    /// <summary>How often a connection was lost.</summary>
    public long LostConnections { get; init; }

    /// <summary>Messages published, of every sort, each counted once however often it was sent.</summary>
    public long Published { get; init; }

    /// <summary>Messages acknowledged by the other side; always 0 at QoS 0.</summary>
    public long Acknowledged { get; init; }

    /// <summary>Messages published at QoS 1 or 2 and not acknowledged, and messages still waiting to be sent.</summary>
    public long Unacknowledged { get; init; }

    /// <summary>Acknowledgements that carried an error (MQTT 5), out of <see cref="Acknowledged"/>; also of messages broken on purpose.</summary>
    public long Refused { get; init; }

    /// <summary>Messages sent again after a lost connection.</summary>
    public long Resent { get; init; }

    /// <summary>
    /// Readings that were due and are not sent: the device had lost its connection for longer than it can keep them
    /// (<see cref="FleetOptions.Backlog"/>), or could not send them before the end.
    /// </summary>
    public long Skipped { get; init; }

    /// <summary>Readings, out of <see cref="Published"/>.</summary>
    public long Readings { get; init; }

    /// <summary>Readings that went out more than a second late, by our clock, though no fault of the plan held them up.</summary>
    public long Late { get; init; }

    /// <summary>What the fleet's own clock has counted since the start.</summary>
    public TimeSpan VirtualElapsed { get; init; }

    /// <summary>How often faults of the plan have struck, by kind.</summary>
    public IReadOnlyDictionary<string, long> Faults { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Twins whose tags were set.</summary>
    public long Tagged { get; init; }

    /// <summary>Desired changes taken and reported back.</summary>
    public long DesiredTaken { get; init; }

    /// <summary>Desired properties a device could not take, such as a setpoint out of its range.</summary>
    public long DesiredRefused { get; init; }

    /// <summary>Commands answered, known or not.</summary>
    public long CommandsAnswered { get; init; }

    /// <summary>Commands answered with 404, out of <see cref="CommandsAnswered"/>.</summary>
    public long CommandsUnknown { get; init; }

    /// <summary>
    /// Commands that a device got again, as it may, and did not answer again; of the last 16 of each device.
    /// </summary>
    public long CommandsRepeated { get; init; }

    /// <summary>Commands not answered, because the plan wants silence.</summary>
    public long CommandsSilent { get; init; }

    /// <summary>Commands that came after their time, and were not executed.</summary>
    public long CommandsExpired { get; init; }

    /// <summary>Problems the platform told devices about on <c>twins/{id}/errors</c>.</summary>
    public long Problems { get; init; }

    /// <summary>Those that answer a message that was broken on purpose, out of <see cref="Problems"/>.</summary>
    public long ProblemsExpected { get; init; }

    /// <summary>Everything that went wrong, by kind.</summary>
    public IReadOnlyList<Trouble> Troubles { get; init; } = [];

    /// <summary>How often anything went wrong.</summary>
    public long Errors { get; init; }

    /// <summary>Publish to acknowledgement, since the start.</summary>
    public LatencySummary Latency { get; init; } = LatencySummary.None;

    /// <summary>Publish to acknowledgement, in the last second in which anything was acknowledged.</summary>
    public LatencySummary RecentLatency { get; init; } = LatencySummary.None;

    /// <summary>Whether everything went as it should: every device that tried could connect, and nothing is unacknowledged.</summary>
    public bool Succeeded => EverConnected > 0 && NeverConnected == 0 && Unacknowledged == 0;
}
