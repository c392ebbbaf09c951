using System.Collections.Concurrent;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Links;

namespace Twins.Silo.Tests.Harness;

/// <summary>A link that notes what it is given, and answers what it is told to.</summary>
internal sealed class FakeLink(LinkTable table, LinkAddress address) : IDeviceLink, IAsyncDisposable
{
    private readonly ConcurrentQueue<OutgoingMessage> _taken = new();

    /// <summary>What it answers; by itself it takes everything.</summary>
    public Func<OutgoingMessage, DeliveryResult> Answer { get; set; } = _ => DeliveryResult.Delivered;

    /// <summary>The device that hangs here.</summary>
    public string? Device { get; set; }

    public LinkAddress Address => address;

    /// <summary>What it took, in order.</summary>
    public OutgoingMessage[] Taken => [.. _taken];

    public static async Task<FakeLink> At(LinkTable table, LinkAddress address)
    {
        var link = new FakeLink(table, address);
        await table.Add(address, link);
        return link;
    }

    public Task<DeliveryResult> Deliver(OutgoingMessage message)
    {
        var result = Answer(message);
        if (result == DeliveryResult.Delivered)
        {
            _taken.Enqueue(message);
        }

        return Task.FromResult(result);
    }

    public Task<DeviceAttachment?> Locate(string twinId) =>
        Task.FromResult(twinId == Device ? new DeviceAttachment(new MessageSource(address, "native"), WantsDesired: true, WantsCommands: true) : null);

    public async ValueTask DisposeAsync() => await table.Remove(address);
}
