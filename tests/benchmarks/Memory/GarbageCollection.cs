using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace Twins.Benchmarks.Memory;

/// <summary>Collects the garbage of another process.</summary>
internal static class GarbageCollection
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Has all of it collected: that is what the runtime does when a trace with the keyword <c>GCHeapCollect</c> begins.
    /// </summary>
    /// <returns>What survived it, bytes. The size of the heap has holes as well, depending on whether the collector compacted.</returns>
    public static async Task<long> Force(int processId)
    {
        using var session = new DiagnosticsClient(processId).StartEventPipeSession(
            new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, (long)(ClrTraceEventParser.Keywords.GC | ClrTraceEventParser.Keywords.GCHeapCollect)),
            requestRundown: false);
        var heap = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var source = new EventPipeEventSource(session.EventStream);
        var full = false;
        source.Clr.GCStart += gc => full = gc.Depth == 2 && gc.Reason == Microsoft.Diagnostics.Tracing.Parsers.Clr.GCReason.Induced;
        source.Clr.GCHeapStats += stats =>
        {
            if (full)
            {
                heap.TrySetResult(stats.TotalPromoted);
            }
        };
        var reading = Task.Run(source.Process);
        try
        {
            return await heap.Task.WaitAsync(s_deadline);
        }
        finally
        {
            await session.StopAsync(CancellationToken.None);
            await reading;
        }
    }
}
