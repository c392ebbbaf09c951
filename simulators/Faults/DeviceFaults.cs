using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>All that strikes one device, in the order of its moments. Not safe for several threads.</summary>
internal sealed class DeviceFaults
{
    private readonly Fault[] _faults;
    private readonly MessageFault[] _onMessages;

    public DeviceFaults(IEnumerable<Fault> faults)
    {
        _faults = [.. faults];
        _onMessages = [.. _faults.OfType<MessageFault>()];
        Next = _faults.Min(fault => fault.Next);
    }

    /// <summary>When something happens next, since the fleet's start.</summary>
    public TimeSpan Next { get; private set; }

    /// <summary>Lets all happen that is to happen at <see cref="Next"/>.</summary>
    public void Pass(IFaultTarget device)
    {
        var now = Next;
        if (now == Fault.Never)
        {
            return;
        }

        foreach (var fault in _faults)
        {
            if (fault.Next == now)
            {
                fault.Pass(device);
            }
        }

        Next = _faults.Min(fault => fault.Next);
    }

    /// <summary>What befalls the report that is made now.</summary>
    public ReportFate Fate()
    {
        var fate = ReportFate.None;
        foreach (var fault in _onMessages)
        {
            if (!fault.Hits())
            {
                continue;
            }

            fate = fault.Kind switch
            {
                FaultKind.Duplicate => fate with { Twice = true },
                FaultKind.Reorder => fate with { Behind = fault.Behind },
                _ => fate with { Broken = (Breakage)fault.Variant(Breakages.Count) + 1 },
            };
        }

        return fate;
    }
}
