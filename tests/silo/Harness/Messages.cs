using System.Text;
using Twins.Contracts.Twins;

namespace Twins.Silo.Tests.Harness;

/// <summary>Messages as a link would decode them.</summary>
internal static class Messages
{
    public static readonly MessageSource Somewhere = new(new LinkAddress("broker", ""), "native");

    public static DeviceMessage Reported(string json, MessageOrder? order = null) => new()
    {
        Kind = DeviceMessageKind.Reported,
        Source = Somewhere,
        Body = Encoding.UTF8.GetBytes(json),
        Order = order,
    };

    public static DeviceMessage Property(string path, string json) => Reported(json) with { Kind = DeviceMessageKind.ReportedProperty, Path = path.Split('/') };

    public static TwinWrite Put(string json) => new(WriteVerb.Replace, [], Encoding.UTF8.GetBytes(json));

    public static TwinWrite Merge(string json, params string[] target) => new(WriteVerb.Merge, target, Encoding.UTF8.GetBytes(json));
}
