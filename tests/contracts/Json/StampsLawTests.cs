using System.Text.Json.Nodes;
using CsCheck;
using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Json;

/// <summary>
/// Promise 2: whatever the order of arrival and however often, messages that carry their order lead to the document
/// that they lead to when each arrives once and in order.
/// </summary>
public sealed class StampsLawTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_767_322_800_000);

    // Up to seven messages, and an order of arrival in which each comes at least once.
    private static readonly Gen<(string[] Messages, int[] Arrivals)> Runs =
        from messages in Documents.Patches.Array[1, 7]
        from duplicates in Gen.Int[0, messages.Length - 1].Array[0, 5]
        from arrivals in Gen.Shuffle((int[])[.. Enumerable.Range(0, messages.Length), .. duplicates])
        select (messages, arrivals);

    [Fact]
    public void Sequenced_messages_converge() => Gen.Select(Runs, Gen.Int[1, 4]).Sample(
        (run, perEpoch) => Converges(run, i => Stamp.Sequenced(Now.AddSeconds(i), 1 + (i / perEpoch), (ulong)(i % perEpoch))),
        iter: 20_000);

    [Fact]
    public void Timed_messages_converge() => Runs.Sample(
        run => Converges(run, i => Stamp.Timed(Now, Now.AddYears(-60).AddMilliseconds(i))), iter: 5_000);

    [Fact]
    public void Arrived_messages_apply_as_they_come() => Runs.Sample(
        run =>
        {
            byte[] document = [.. "{}"u8], stamps = [], expected = document;
            foreach (var arrival in run.Arrivals)
            {
                var patch = Documents.Canonical(run.Messages[arrival]);
                expected = MergePatch.Apply(expected, patch);
                var accepted = Stamps.Accept(stamps, patch, Stamp.Arrival(Now));
                document = MergePatch.Apply(document, accepted.Patch);
                stamps = accepted.Stamps;
            }

            return Documents.Same(document, expected) && Mirrors(stamps, document, tombstones: false);
        },
        iter: 5_000);

    [Fact]
    public void What_was_accepted_is_stale_when_it_comes_again() => Runs.Sample(
        run =>
        {
            byte[] stamps = [];
            for (var i = 0; i < run.Messages.Length; i++)
            {
                var patch = Documents.Canonical(run.Messages[i]);
                stamps = Stamps.Accept(stamps, patch, Stamp.Sequenced(Now, 1, (ulong)i)).Stamps;
                var again = Stamps.Accept(stamps, patch, Stamp.Sequenced(Now.AddHours(1), 1, (ulong)i));
                if (again.IsStale != patch.Length > 2 || !again.Stamps.AsSpan().SequenceEqual(stamps))
                {
                    return false;
                }
            }

            return true;
        },
        iter: 5_000);

    [Fact]
    public void Accepted_message_is_its_own_repetition() => Runs.Sample(
        run =>
        {
            byte[] document = [.. "{}"u8], stamps = [];
            for (var i = 0; i < run.Messages.Length; i++)
            {
                var (patch, stamp) = (Documents.Canonical(run.Messages[i]), Stamp.Sequenced(Now, 1, (ulong)i));
                var accepted = Stamps.Accept(stamps, patch, stamp);
                (document, stamps) = (MergePatch.Apply(document, accepted.Patch), accepted.Stamps);
                if (Stamps.Accept(stamps, patch, stamp).IsStale && !Stamps.IsRepetition(stamps, document, patch, stamp))
                {
                    return false;
                }
            }

            return true;
        },
        iter: 5_000);

    [Fact]
    public void Last_write_without_order_is_shown_as_of_its_arrival() => Gen.Select(Runs, Gen.Int[0, 2].Array[12]).Sample(
        (run, sorts) =>
        {
            byte[] document = [.. "{}"u8], stamps = [];
            foreach (var arrival in run.Arrivals)
            {
                var stamp = sorts[arrival] == 0 ? Stamp.Arrival(Now) : Stamp.Timed(Now, Now.AddSeconds(arrival));
                var accepted = Stamps.Accept(stamps, Documents.Canonical(run.Messages[arrival]), stamp);
                (document, stamps) = (MergePatch.Apply(document, accepted.Patch), accepted.Stamps);
            }

            var last = Now.AddDays(1);
            var after = Stamps.Accept(stamps, "{\"a\":7}"u8, Stamp.Arrival(last));
            using var stream = new MemoryStream();
            using (var json = new System.Text.Json.Utf8JsonWriter(stream))
            {
                Stamps.WriteMetadata(json, after.Stamps, MergePatch.Apply(document, after.Patch));
            }

            return JsonNode.Parse(stream.ToArray())!["a"]!["at"]!.GetValue<DateTimeOffset>() == last;
        },
        iter: 5_000);

    [Fact]
    public void Sorts_mixed_at_random_keep_the_stamps_in_step_with_the_document() => Gen.Select(Runs, Gen.Int[0, 2].Array[12]).Sample(
        (run, sorts) =>
        {
            byte[] document = [.. "{}"u8], stamps = [];
            foreach (var arrival in run.Arrivals)
            {
                var stamp = sorts[arrival] switch
                {
                    0 => Stamp.Arrival(Now),
                    1 => Stamp.Sequenced(Now, 1, (ulong)arrival),
                    _ => Stamp.Timed(Now, Now.AddSeconds(arrival)),
                };
                var accepted = Stamps.Accept(stamps, Documents.Canonical(run.Messages[arrival]), stamp);
                document = MergePatch.Apply(document, accepted.Patch);
                stamps = accepted.Stamps;
                if (!Mirrors(stamps, document, tombstones: true))
                {
                    return false;
                }
            }

            return Mirrors(Stamps.Prune(stamps, document, 0), document, tombstones: false);
        },
        iter: 5_000);

    private static bool Converges((string[] Messages, int[] Arrivals) run, Func<int, Stamp> stampOf)
    {
        var patches = run.Messages.Select(Documents.Canonical).ToArray();
        byte[] expected = [.. "{}"u8], document = expected, stamps = [];
        foreach (var patch in patches)
        {
            expected = MergePatch.Apply(expected, patch);
        }

        foreach (var arrival in run.Arrivals)
        {
            var accepted = Stamps.Accept(stamps, patches[arrival], stampOf(arrival));
            var merged = MergePatch.Apply(document, accepted.Patch);
            if (accepted.IsStale
                && !(merged.AsSpan().SequenceEqual(document) && accepted.Stamps.AsSpan().SequenceEqual(stamps)))
            {
                return false;
            }

            (document, stamps) = (merged, accepted.Stamps);
        }

        return Documents.Same(document, expected) && Mirrors(stamps, document, tombstones: true);
    }

    /// <summary>Every property has a node of its kind; a node without a property is a tombstone.</summary>
    private static bool Mirrors(byte[] stamps, byte[] document, bool tombstones) =>
        Mirrors(Nodes(stamps)!, JsonNode.Parse(document)!.AsObject(), tombstones);

    private static bool Mirrors(
        JsonObject nodes, JsonObject members, bool tombstones) =>
        members.All(member => nodes.ContainsKey(member.Key))
        && nodes.All(node => node.Value switch
        {
            _ when !members.TryGetPropertyValue(node.Key, out var member) => tombstones && Children(node.Value) is null,
            _ => (Children(node.Value), members[node.Key]) switch
            {
                ({ } children, JsonObject inner) => Mirrors(children, inner, tombstones),
                (null, not JsonObject) => true,
                _ => false,
            },
        });

    private static JsonObject? Nodes(byte[] stamps) => Children(JsonNode.Parse(stamps));

    private static JsonObject? Children(JsonNode? node) => node switch
    {
        JsonObject children => children,
        JsonArray { Count: 3 } framed => framed[2] as JsonObject,
        _ => null,
    };
}
