using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Json;

public sealed class EpochHistoryTests
{
    [Fact]
    public void Epochs_keep_their_ordinals()
    {
        var history = EpochHistory.None;
        for (var i = 1; i <= 12; i++)
        {
            (history, var ordinal) = history.Resolve((ulong)(1_000 - (i * 7)));
            Assert.Equal(i, ordinal);
        }

        Assert.Equal(EpochHistory.MaxFormer, history.Former.Length);
        for (var i = 4; i <= 12; i++)
        {
            var (same, ordinal) = history.Resolve((ulong)(1_000 - (i * 7)));
            Assert.Same(history, same);
            Assert.Equal(i, ordinal);
        }

        Assert.Equal(13, history.Resolve(1_000 - 7).Ordinal);
        Assert.Equal((1, 0UL), (EpochHistory.None.Resolve(0).Ordinal, EpochHistory.None.Resolve(0).History.Current!.Value));
    }

    [Fact]
    public void Is_stored_and_read_back()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer<EpochHistory>>();
        foreach (var history in new[] { EpochHistory.None, EpochHistory.None.Resolve(7).History.Resolve(ulong.MaxValue).History })
        {
            Assert.Equal(history, serializer.Deserialize(serializer.SerializeToArray(history)));
        }
    }

    [Fact]
    public void Bytes_of_an_earlier_version_are_still_read()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer<EpochHistory>>();
        var history = EpochHistory.None.Resolve(7).History.Resolve(9).History;
        Assert.Equal(history, serializer.Deserialize(Convert.FromHexString("20E80013010921200003010FE0E0E0")));
    }
}
