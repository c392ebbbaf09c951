using System.IO.Hashing;
using System.Text;

namespace Twins.Silo.Egress;

/// <summary>How devices are spread over the egress grains.</summary>
internal static class EgressShards
{
    /// <summary>Enough to keep all cores of a cluster busy, few enough to be cheap. Free to change: no state hangs on it.</summary>
    public const int Count = 64;

    public static long Of(string twinId) => XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(twinId)) % Count;
}
