using Twins.Contracts;
using Twins.Contracts.Events;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>What applications want, and what devices report over HTTP.</summary>
internal sealed partial class TwinGrain
{
    public async Task<TwinWriteResult> Write(TwinWrite write)
    {
        ThrowIfFailed();
        if (Refuse(write) is { } problem)
        {
            return await RefusedAsync(problem);
        }

        var creates = !State.Exists;
        var (after, refused) = ApplicationWrite.Apply(State, write, Options.Limits);
        if (refused is not null)
        {
            return await RefusedAsync(refused);
        }

        if (Advance(State, after!, write) is { } next)
        {
            Change(next);
        }

        var revision = State.Revision;
        await Persist();
        Pump();
        if (creates)
        {
            await FindDevice();
        }

        return new TwinWriteResult(revision, creates);
    }

    private Problem? Refuse(TwinWrite write)
    {
        if (State.IsDamaged)
        {
            return TwinProblems.Damaged(Id);
        }

        if (write.IfAbsent && State.Exists)
        {
            return TwinProblems.AlreadyThere(Id);
        }

        if (write.IfRevision is { } expected && (!State.Exists || State.Revision != expected))
        {
            return TwinProblems.WrongRevision(Id, expected, State.Revision);
        }

        // Only a write of the whole twin makes one; a property of nothing is most likely a mistyped id.
        return !State.Exists && !(write.Verb == WriteVerb.Replace && write.Target.Length == 0) ? TwinProblems.NoSuchTwin(Id) : null;
    }

    /// <summary>The reason names a revision, or that the twin exists: the caller is told when that is durable.</summary>
    private async Task<TwinWriteResult> RefusedAsync(Problem problem)
    {
        // Another call may change the state while this one waits.
        var revision = State.Revision;
        await Persist();
        return new TwinWriteResult(revision, Problem: problem);
    }

    /// <summary>The state after a write, with revision, stamps and event; null where nothing changes.</summary>
    private TwinState? Advance(TwinState before, ApplicationSections after, TwinWrite write)
    {
        var tags = MergeDiff.Between(before.Tags, after.Tags);
        var desired = MergeDiff.Between(before.Desired, after.Desired);
        var reported = MergeDiff.Between(before.Reported, after.Reported);
        var rejections = DesiredRejections.After(before.Rejections, write, desired, after.Desired);
        if (before.Exists && rejections == before.Rejections && !HasMembers(tags) && !HasMembers(desired) && !HasMembers(reported) && before.Model == after.Model)
        {
            return null;
        }

        var now = Now;
        var stamp = Stamp.Arrival(now);
        var revision = before.Revision + 1;
        var next = before with
        {
            Exists = true,
            Revision = revision,
            Model = after.Model,
            Tags = after.Tags,
            Desired = HasMembers(desired) ? after.Desired : before.Desired,
            DesiredRevision = HasMembers(desired) ? revision : before.DesiredRevision,
            Rejections = rejections,
            DesiredStamps = HasMembers(desired) ? Stamps.Accept(before.DesiredStamps, desired, stamp).Stamps : before.DesiredStamps,
            Reported = after.Reported,
            ReportedStamps = HasMembers(reported) ? Stamps.Accept(before.ReportedStamps, reported, stamp).Stamps : before.ReportedStamps,
            CreatedAt = before.Exists ? before.CreatedAt : now,
            ModifiedAt = now,
        };
        next = before.Exists
            ? WithEvent(next, TwinEventKinds.Changed, () => TwinEvents.Changed(revision, Patches(before, next, tags, desired, reported)))
            : WithEvent(next, TwinEventKinds.Created, () => TwinDocument.ForApplications(Id, next));
        return WithDelta(before, next);
    }

    private static IEnumerable<(string Section, byte[] Patch)> Patches(TwinState before, TwinState after, byte[] tags, byte[] desired, byte[] reported)
    {
        if (before.Model != after.Model)
        {
            yield return ("model", ApplicationSections.Text(after.Model));
        }

        if (before.Rejections != after.Rejections)
        {
            yield return ("metadata", DesiredRejections.Patch(before.Rejections, after.Rejections));
        }

        foreach (var (section, patch) in new[] { ("tags", tags), ("desired", desired), ("reported", reported) })
        {
            if (HasMembers(patch))
            {
                yield return (section, patch);
            }
        }
    }

    private static bool HasMembers(byte[] patch) => patch.Length > EmptySection.Bytes.Length;

    /// <summary>The device of a twin that an application has just made may be connected already.</summary>
    private async Task FindDevice()
    {
        if (await services.Links.Locate(Id) is { } attachment)
        {
            await Attach(attachment, CallNumbers.Next());
        }
    }
}
