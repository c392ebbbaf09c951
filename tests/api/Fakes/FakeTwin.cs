using System.Text;
using System.Text.Json;
using Twins.Contracts;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;

namespace Twins.Api.Tests.Fakes;

/// <summary>A twin that keeps the contract of <see cref="ITwinGrain"/> as far as the API can see it.</summary>
internal sealed partial class FakeTwin(string id) : ITwinGrain
{
    private readonly Lock _lock = new();
    private byte[] _tags = "{}"u8.ToArray();
    private byte[] _desired = "{}"u8.ToArray();
    private byte[] _reported = "{}"u8.ToArray();
    private string? _model;

    public string Id => id;

    public bool Exists { get; private set; }

    public long Revision { get; private set; }

    /// <summary>The last write that was asked for.</summary>
    public TwinWrite? LastWrite { get; private set; }

    /// <summary>Called once in front of the next write: what somebody else does in between.</summary>
    public Action? BeforeWrite { get; set; }

    public string Reported => Encoding.UTF8.GetString(_reported);

    public string Desired => Encoding.UTF8.GetString(_desired);

    public string Tags => Encoding.UTF8.GetString(_tags);

    public string? Model => _model;

    public void Seed(string reported, string desired, string tags, long revision)
    {
        (_reported, _desired, _tags) = (Utf8(reported), Utf8(desired), Utf8(tags));
        (Exists, Revision) = (true, revision);
    }

    public void Bump() => Revision++;

    /// <summary>The twin as it is now.</summary>
    public TwinView? View => Exists ? new TwinView(id, Revision, Document()) : null;

    /// <summary>How often it was read.</summary>
    public int Gets { get; private set; }

    /// <summary>What happens after the twin was read and before the answer is there.</summary>
    public Func<Task>? OnGet { get; set; }

    public async Task<TwinView?> Get()
    {
        Gets++;
        var view = View;
        if (OnGet is { } meanwhile)
        {
            await meanwhile();
        }

        return view;
    }

    public Task<TwinWriteResult> Write(TwinWrite write)
    {
        var before = BeforeWrite;
        BeforeWrite = null;
        before?.Invoke();
        lock (_lock)
        {
            LastWrite = write;
            if (Refuse(write.IfRevision, write.IfAbsent) is { } problem)
            {
                return Task.FromResult(new TwinWriteResult(Revision, Problem: problem));
            }

            var created = !Exists;
            if (created && write is not { Verb: WriteVerb.Replace, Target: [] })
            {
                return Task.FromResult(new TwinWriteResult(Revision, Problem: NotFound()));
            }

            if ((write.Target is [] ? Whole(write) : Section(write)) is { } refused)
            {
                return Task.FromResult(new TwinWriteResult(Revision, Problem: refused));
            }

            Exists = true;
            return Task.FromResult(new TwinWriteResult(++Revision, created));
        }
    }

    public Task<TwinWriteResult> Delete(long? ifRevision)
    {
        lock (_lock)
        {
            var problem = !Exists ? NotFound() : Refuse(ifRevision, ifAbsent: false);
            if (problem is not null)
            {
                return Task.FromResult(new TwinWriteResult(Revision, Problem: problem));
            }

            Exists = false;
            return Task.FromResult(new TwinWriteResult(++Revision));
        }
    }

    public Task<MessageOutcome[]> Apply(DeviceMessage[] messages, long call) => throw new NotSupportedException();

    public Task Attach(DeviceAttachment attachment, long call) => throw new NotSupportedException();

    public Task Detach(MessageSource source, long call) => throw new NotSupportedException();

    public Task Wake() => throw new NotSupportedException();

    private Problem? Refuse(long? ifRevision, bool ifAbsent) =>
        ifAbsent && Exists ? new Problem(412, "twin-exists", "it exists already")
        : ifRevision is { } wanted && (!Exists || wanted != Revision) ? new Problem(412, "revision-mismatch", $"it is at revision {Revision}")
        : null;

    private Problem NotFound() => new(404, "twin-not-found", $"there is no twin {id}");

    private Problem? Whole(TwinWrite write)
    {
        var current = Utf8($$"""{"tags":{{Tags}},"desired":{{Desired}},"model":{{JsonSerializer.Serialize(_model)}}}""");
        var after = write.Body;
        if (write.Verb == WriteVerb.Merge)
        {
            after = MergePatch.Apply(current, write.Body);
        }
        else if (write.Verb == WriteVerb.Patch && !JsonPatch.TryApply(current, write.Body, JsonLimits.Default, out after!, out var problem))
        {
            return problem;
        }

        _tags = PropertyPath.TryGet(after!, ["tags"], out var tags) && !JsonText.IsNull(tags.Span) ? tags.ToArray() : Utf8("{}");
        _desired = PropertyPath.TryGet(after, ["desired"], out var desired) && !JsonText.IsNull(desired.Span) ? desired.ToArray() : Utf8("{}");
        _model = PropertyPath.TryGet(after, ["model"], out var model) ? JsonSerializer.Deserialize<string?>(model.Span) : null;
        return null;
    }

    private Problem? Section(TwinWrite write)
    {
        var path = write.Target[1..];
        ref byte[] section = ref _reported;
        if (write.Target[0] == "tags")
        {
            section = ref _tags;
        }
        else if (write.Target[0] == "desired")
        {
            section = ref _desired;
        }

        switch (write.Verb)
        {
            case WriteVerb.Replace when JsonText.IsNull(write.Body):
            case WriteVerb.Remove:
                var found = true;
                section = path is [] ? Utf8("{}") : PropertyPath.Remove(section, path, out found);
                return found || write.Verb == WriteVerb.Replace ? null : new Problem(404, "property-not-found", "there is no such property");
            case WriteVerb.Replace:
                section = PropertyPath.Set(section, path, write.Body);
                return null;
            case WriteVerb.Merge:
                section = MergePatch.Apply(section, PropertyPath.Wrap(path, write.Body));
                return null;
            default:
                PropertyPath.TryGet(section, path, out var target);
                if (!JsonPatch.TryApply(target.Span, write.Body, JsonLimits.Default, out var patched, out var problem))
                {
                    return problem;
                }

                section = PropertyPath.Set(section, path, patched);
                return null;
        }
    }

    /// <summary>The document, as it is now.</summary>
    public byte[] Render() => Document();

    private byte[] Document() => Utf8(
        $$"""{"id":"{{id}}","revision":{{Revision}},"model":{{JsonSerializer.Serialize(_model)}},"tags":{{Tags}},"desired":{{Desired}},"reported":{{Reported}}}""");

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
