using CsCheck;
using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Json;

/// <summary>Counters that wrap.</summary>
public sealed class SerialNumberTests
{
    private static readonly Gen<ulong> Moduli = Gen.OneOf(Gen.Const(256UL), Gen.Const(65_536UL), Gen.Const(1UL << 32), Gen.ULong[16, 1_000]);

    [Fact]
    public void Newer_is_what_is_less_than_half_ahead() => Gen.Select(Moduli, Gen.ULong, Gen.ULong).Sample(
        (modulus, old, seq) =>
        {
            var latest = SerialNumber.First(old % modulus, modulus);
            var ahead = ((seq % modulus) + modulus - (old % modulus)) % modulus;
            var isNewer = ahead > 0 && ahead * 2 < modulus;

            return SerialNumber.After(latest, seq % modulus, modulus) > latest == isNewer;
        },
        iter: 20_000);

    [Fact]
    public void Extended_number_has_the_residue_of_the_counter() => Gen.Select(Moduli, Gen.ULong, Gen.ULong, Gen.ULong[0, 1UL << 40]).Sample(
        (modulus, old, seq, turns) =>
        {
            var latest = SerialNumber.First(old % modulus, modulus) + (turns * modulus);
            var next = SerialNumber.After(latest, seq % modulus, modulus);
            var distance = next > latest ? next - latest : latest - next;

            return next % modulus == seq % modulus && distance <= modulus / 2 + (modulus % 2);
        },
        iter: 20_000);

    /// <summary>A device counts on; each of its messages arrives less than half of a turn before or behind the latest.</summary>
    [Fact]
    public void Order_of_sending_is_found_again_over_any_number_of_turns() =>
        Gen.Select(Gen.ULong[16, 300], Gen.ULong[0, 1_000], Gen.Double[0, 1].Array[1, 400]).Sample(
            (modulus, start, steps) =>
            {
                // How far each message is from the latest that has arrived; the first is where the count begins.
                var reach = (long)((modulus - 1) / 2);
                var (sent, latest) = ((long)start, (long)start);
                var history = EpochHistory.None;
                var places = new List<(long Sent, ulong Place)>();
                foreach (var step in steps)
                {
                    (history, _, var place) = history.Resolve(7, (ulong)sent % modulus, modulus);
                    places.Add((sent, place));
                    latest = Math.Max(latest, sent);
                    sent = Math.Max((long)start - reach, latest - reach + (long)(step * ((2 * reach) + 1)));
                    sent = Math.Max(0, Math.Min(sent, latest + reach));
                }

                return places.Zip(places.Skip(1)).All(pair =>
                    pair.First.Sent.CompareTo(pair.Second.Sent) == pair.First.Place.CompareTo(pair.Second.Place));
            },
            iter: 2_000);

    [Fact]
    public void Properties_written_long_ago_keep_their_place()
    {
        var history = EpochHistory.None;
        byte[] stamps = [];
        for (var n = 0; n <= 1_000; n++)
        {
            (history, var ordinal, var place) = history.Resolve(0, (ulong)n % 256, 256);
            var patch = n is 3 or 1_000 ? "{\"often\":1,\"rare\":1}"u8 : "{\"often\":1}"u8;
            var accepted = Stamps.Accept(stamps, patch, Stamp.Sequenced(DateTimeOffset.UnixEpoch, ordinal, place));
            Assert.Equal(Documents.Text(patch.ToArray()), Documents.Text(accepted.Patch));
            stamps = accepted.Stamps;
        }
    }

    [Fact]
    public void Other_modulus_begins_again()
    {
        var (history, ordinal, _) = EpochHistory.None.Resolve(7, 5_000, 0);
        (history, var wrapped, var place) = history.Resolve(7, 3, 256);
        Assert.Equal((2, 259UL), (wrapped, place));
        Assert.Equal(1, ordinal);

        (history, var former, _) = history.Resolve(8, 1, 256);
        Assert.Equal((3, 2), (former, history.Resolve(7, 4, 256).Ordinal));

        (history, var plain, place) = history.Resolve(8, 2, 0);
        Assert.Equal((4, 2UL), (plain, place));
        Assert.Null(history.Latest);
        Assert.Same(history, history.Resolve(8, 3, 0).History);
    }
}
