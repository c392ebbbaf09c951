using System.Text.Json;
using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Json;

public sealed class StampsTests
{
    private const long At = 1_767_323_045_678;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(At);

    [Theory]
    // The format, as it is stored: what is here must be readable for ever.
    [InlineData("", "{\"a\":1,\"b\":null,\"c\":{\"d\":[1]},\"e\":{}}", "{\"a\":@5,\"b\":@5,\"c\":{\"d\":@5},\"e\":[null,@5,{}]}", "{\"a\":1,\"b\":null,\"c\":{\"d\":[1]},\"e\":{}}")]
    // Late, and another property: applies.
    [InlineData("{\"a\":@9}", "{\"a\":1,\"b\":2}", "{\"a\":@9,\"b\":@5}", "{\"b\":2}")]
    // A tombstone keeps what it deleted from coming back, with all that is in it.
    [InlineData("{\"a\":@9}", "{\"a\":{\"b\":1}}", "{\"a\":@9}", "{}")]
    // An object in place of a value remembers since when.
    [InlineData("{\"a\":@3}", "{\"a\":{\"b\":1}}", "{\"a\":[@3,null,{\"b\":@5}]}", "{\"a\":{\"b\":1}}")]
    [InlineData("{\"a\":[@3,null,{\"b\":@9}]}", "{\"a\":{\"b\":1,\"c\":1}}", "{\"a\":[@3,null,{\"b\":@9,\"c\":@5}]}", "{\"a\":{\"c\":1}}")]
    [InlineData("{\"a\":[@7,null,{\"b\":@9}]}", "{\"a\":{\"c\":1}}", "{\"a\":[@7,null,{\"b\":@9}]}", "{}")]
    // A late deletion takes the older members, and leaves the newer.
    [InlineData("{\"a\":{\"b\":@3,\"c\":@9}}", "{\"a\":null}", "{\"a\":[@5,null,{\"c\":@9}]}", "{\"a\":{\"b\":null}}")]
    [InlineData("{\"a\":{\"b\":{\"x\":@3,\"y\":@9},\"c\":{\"z\":@3}}}", "{\"a\":7}", "{\"a\":[@5,null,{\"b\":{\"y\":@9}}]}", "{\"a\":{\"b\":{\"x\":null},\"c\":null}}")]
    [InlineData("{\"a\":[null,@9,{\"b\":@3}]}", "{\"a\":null}", "{\"a\":[@5,@9,{}]}", "{\"a\":{\"b\":null}}")]
    [InlineData("{\"a\":{\"b\":@3,\"c\":@4}}", "{\"a\":7}", "{\"a\":@5}", "{\"a\":7}")]
    // A message without order before: whatever carries one is applied.
    [InlineData("{\"a\":17,\"b\":{\"c\":17}}", "{\"a\":1,\"b\":2}", "{\"a\":@5,\"b\":@5}", "{\"a\":1,\"b\":2}")]
    public void Sequenced(string stamps, string patch, string newStamps, string effective) =>
        AssertAccepted(stamps, patch, newStamps, effective, Stamp.Sequenced(Now, 1, 5), effective == "{}");

    [Theory]
    [InlineData("", "{\"a\":1,\"b\":null,\"c\":{\"d\":[1],\"e\":null},\"f\":{}}", "{\"a\":#,\"c\":{\"d\":#},\"f\":{}}")]
    [InlineData("{\"a\":17,\"b\":17,\"c\":17}", "{\"b\":null,\"a\":{\"x\":1}}", "{\"a\":{\"x\":#},\"c\":17}")]
    [InlineData("{\"a\":{\"x\":17,\"y\":18}}", "{\"a\":{\"y\":2}}", "{\"a\":{\"x\":17,\"y\":#}}")]
    [InlineData("{\"a\":{\"x\":17}}", "{\"a\":[]}", "{\"a\":#}")]
    // The device's own order is not forgotten: a late message can not undo what came after it.
    [InlineData("{\"a\":@9,\"b\":@8}", "{\"a\":null,\"b\":1}", "{\"a\":[#,1,9],\"b\":[#,1,8]}")]
    [InlineData("{\"a\":{\"x\":@3,\"y\":{\"z\":@7}}}", "{\"a\":null}", "{\"a\":[#,1,7]}")]
    [InlineData("{\"a\":@9}", "{\"a\":{\"x\":1}}", "{\"a\":[@9,null,{\"x\":#}]}")]
    // Over a device's time: it guards on, and what is shown is the arrival.
    [InlineData("{\"a\":[1,7000]}", "{\"a\":1}", "{\"a\":[#,[7000]]}")]
    [InlineData("{\"a\":[1,[-7000]]}", "{\"a\":1}", "{\"a\":[#,[-7000]]}")]
    [InlineData("{\"a\":{\"x\":[1,7000],\"y\":[1,8000]}}", "{\"a\":null}", "{\"a\":[#,[8000]]}")]
    public void Arrived(string stamps, string patch, string newStamps) =>
        AssertAccepted(stamps, patch, newStamps, patch, Stamp.Arrival(Now), isStale: false);

    [Fact]
    public void An_epoch_is_later_than_all_of_the_one_before()
    {
        AssertAccepted("{\"a\":@9}", "{\"a\":1}", "{\"a\":[#,2,0]}", "{\"a\":1}", Stamp.Sequenced(Now, 2, 0), false);
        AssertAccepted("{\"a\":[1,2,0]}", "{\"a\":1}", "{\"a\":[1,2,0]}", "{}", Stamp.Sequenced(Now, 1, 99), true);
        AssertAccepted($"{{\"a\":[1,2,{ulong.MaxValue - 1}]}}", "{\"a\":1}", $"{{\"a\":[#,2,{ulong.MaxValue}]}}", "{\"a\":1}", Stamp.Sequenced(Now, 2, ulong.MaxValue), false);
    }

    [Fact]
    public void A_device_time_orders_to_the_microsecond_and_before_1970()
    {
        var late = DateTimeOffset.UnixEpoch.AddTicks(-20);
        AssertAccepted("{\"a\":[1,-3]}", "{\"a\":1}", "{\"a\":[#,-2]}", "{\"a\":1}", Stamp.Timed(Now, late), false);
        AssertAccepted("{\"a\":[1,-2]}", "{\"a\":1}", "{\"a\":[1,-2]}", "{}", Stamp.Timed(Now, late), true);
        AssertAccepted("{\"a\":[1,-1]}", "{\"a\":1}", "{\"a\":[1,-1]}", "{}", Stamp.Timed(Now, late), true);
        AssertAccepted("{\"a\":@9}", "{\"a\":1}", "{\"a\":[#,-2]}", "{\"a\":1}", Stamp.Timed(Now, late), false);
        Stamps.WriteMetadata(new Utf8JsonWriter(Stream.Null), "{\"a\":[1,253402300799999999],\"b\":[1,-62135596800000000]}"u8, "{\"a\":1,\"b\":1}"u8);
        _ = Stamp.Timed(Now, DateTimeOffset.MaxValue).Shown;
        _ = Stamp.Timed(Now, DateTimeOffset.MinValue).Shown;
    }

    [Fact]
    public void Guard_that_was_overwritten_still_orders()
    {
        var time = DateTimeOffset.UnixEpoch.AddTicks(7_000 * TimeSpan.TicksPerMicrosecond);
        AssertAccepted("{\"a\":[1,[7000]]}", "{\"a\":1}", "{\"a\":[1,[7000]]}", "{}", Stamp.Timed(Now, time), true);
        AssertAccepted("{\"a\":[1,[6999]]}", "{\"a\":1}", "{\"a\":[#,7000]}", "{\"a\":1}", Stamp.Timed(Now, time), false);
        AssertAccepted("{\"a\":[1,[7000]]}", "{\"a\":1}", "{\"a\":@5}", "{\"a\":1}", Stamp.Sequenced(Now, 1, 5), false);
    }

    [Theory]
    // Its values and its place are stored.
    [InlineData("{\"a\":@5}", "{\"a\":1}", "{\"a\":1}", true)]
    [InlineData("{\"a\":{\"b\":@5}}", "{\"a\":{\"b\":[1]}}", "{\"a\":{\"b\":[1]}}", true)]
    [InlineData("{\"a\":@5}", "{}", "{\"a\":null}", true)]
    [InlineData("{\"a\":[null,@5,{}]}", "{\"a\":{}}", "{\"a\":{}}", true)]
    [InlineData("{\"a\":[@5,null,{\"b\":@9}]}", "{\"a\":{\"b\":1}}", "{\"a\":null}", true)]
    // A newer message has written one of its properties since.
    [InlineData("{\"a\":@9,\"b\":@5}", "{\"a\":2,\"b\":1}", "{\"a\":1,\"b\":1}", true)]
    // Late.
    [InlineData("{\"a\":@9}", "{\"a\":1}", "{\"a\":1}", false)]
    // The place was used for another message.
    [InlineData("{\"a\":@5}", "{\"a\":2}", "{\"a\":1}", false)]
    [InlineData("{\"a\":@5}", "{}", "{\"a\":1}", false)]
    [InlineData("{\"a\":@5,\"b\":@5}", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":1}", false)]
    [InlineData("{\"a\":[@5,null,{\"b\":@9}]}", "{\"a\":{\"b\":1}}", "{\"a\":7}", true)]
    public void Repetition_has_the_place_and_the_value(string stamps, string document, string patch, bool isRepetition)
    {
        var stamp = Stamp.Sequenced(Now.AddHours(1), 1, 5);
        Assert.True(Stamps.Accept(Documents.Utf8(Stored(stamps)), Documents.Utf8(patch), stamp).IsStale);
        Assert.Equal(isRepetition, Stamps.IsRepetition(Documents.Utf8(Stored(stamps)), Documents.Utf8(document), Documents.Utf8(patch), stamp));
    }

    [Fact]
    public void An_empty_patch_is_nothing_and_not_stale()
    {
        AssertAccepted("{\"a\":@9}", "{}", "{\"a\":@9}", "{}", Stamp.Sequenced(Now, 1, 5), false);
        AssertAccepted("", "{}", "{}", "{}", Stamp.Arrival(Now), false);
        Assert.Throws<ArgumentException>(() => Stamps.Accept("{}"u8, "1"u8, Stamp.Arrival(Now)));
    }

    [Theory]
    [InlineData(2, "{\"a\":@1,\"gone1\":[10,1,1],\"o\":[@2,null,{\"gone2\":[20,1,1],\"x\":5}]}")]
    [InlineData(1, "{\"a\":@1,\"o\":[@2,null,{\"gone2\":[20,1,1],\"x\":5}]}")]
    [InlineData(0, "{\"a\":@1,\"o\":[@2,null,{\"x\":5}]}")]
    public void Prunes_the_oldest_tombstones(int max, string expected) => Assert.Equal(
        Stored(expected),
        Documents.Text(Stamps.Prune(
            Documents.Utf8(Stored("{\"a\":@1,\"gone1\":[10,1,1],\"o\":[@2,null,{\"gone2\":[20,1,1],\"x\":5}]}")),
            "{\"a\":1,\"o\":{\"x\":1}}"u8,
            max)));

    [Fact]
    public void Writes_metadata_of_what_the_document_has()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonText.WriterOptions))
        {
            Stamps.WriteMetadata(
                writer,
                Documents.Utf8(Stored("{\"setpoint\":#,\"gone\":@1,\"motor\":[@1,null,{\"rpm\":[#,3,7],\"gone\":#}],\"time\":[#,1000001],\"over\":[#,[1000001]],\"\\\"\\u0001é\":#}")),
                Documents.Utf8("{\"time\":1,\"over\":1,\"setpoint\":40,\"motor\":{\"rpm\":1450},\"unknown\":2,\"\\\"\\u0001é\":[]}"));
        }

        Assert.Equal(
            "{\"time\":{\"at\":\"1970-01-01T00:00:01.000Z\"},\"over\":{\"at\":\"2026-01-02T03:04:05.678Z\"},\"setpoint\":{\"at\":\"2026-01-02T03:04:05.678Z\"},"
            + "\"motor\":{\"rpm\":{\"at\":\"2026-01-02T03:04:05.678Z\"}},\"\\\"\\u0001é\":{\"at\":\"2026-01-02T03:04:05.678Z\"}}",
            Documents.Text(stream.ToArray()));
    }

    // @n is a stamp of the first epoch, # the time of arrival.
    private static string Stored(string text)
    {
        for (var seq = 1; seq <= 9; seq++)
        {
            text = text.Replace($"@{seq}", $"[{At},1,{seq}]", StringComparison.Ordinal);
        }

        return text.Replace("#", $"{At}", StringComparison.Ordinal);
    }

    private static void AssertAccepted(
        string stamps, string patch, string newStamps, string effective, Stamp stamp, bool isStale)
    {
        var accepted = Stamps.Accept(Documents.Utf8(Stored(stamps)), Documents.Utf8(patch), stamp);
        Assert.Equal(Stored(newStamps), Documents.Text(accepted.Stamps));
        Assert.Equal(effective, Documents.Text(accepted.Patch));
        Assert.Equal(isStale, accepted.IsStale);
    }
}
