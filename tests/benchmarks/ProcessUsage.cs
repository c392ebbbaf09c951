using System.Diagnostics;

namespace Twins.Benchmarks;

/// <summary>What a process has used up to now.</summary>
/// <param name="CpuSeconds">On all cores, in user and kernel mode.</param>
/// <param name="WorkingSet">Bytes of physical memory.</param>
internal sealed record ProcessUsage(double CpuSeconds, long WorkingSet)
{
    public static ProcessUsage Of(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return new(process.TotalProcessorTime.TotalSeconds, process.WorkingSet64);
    }
}
