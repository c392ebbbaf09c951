using System.Text.Json;
using NSwagTwins;

namespace Twins.Clients.Tests;

/// <summary>A client made by NSwag calls every operation.</summary>
public sealed class NSwagTests(RunningPlatform platform) : IAsyncLifetime
{
    private readonly string _id = $"clients:{Guid.NewGuid():N}";
    private DescribedCalls _calls = null!;
    private HttpClient _http = null!;
    private TwinsClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var url = await platform.Url();
        _calls = await platform.Calls();
        _http = new HttpClient(_calls) { BaseAddress = url };
        _client = new TwinsClient(_http);
    }

    public ValueTask DisposeAsync()
    {
        _http?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Calls_every_operation()
    {
        await Twins();
        await Sections();
        await Commands();
        await Streams();
        await TheRest();
        _calls.AssertComplete();
    }

    private static async Task<string> Problem(int status, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<ApiException<ProblemAnswer>>(call);
        Assert.Equal(status, refused.StatusCode);
        return refused.Result.Code;
    }

    private static string Json(object? value) => JsonSerializer.Serialize(value);

    private async Task Twins()
    {
        var created = await _client.PutTwinAsync(_id, null, "*", new TwinContent { Tags = new Dictionary<string, object> { ["site"] = "delft" }, Desired = new Dictionary<string, object> { ["setpoint"] = 40 } });
        Assert.Equal(1, created.Revision);
        var filter = $"eq(id,\"{_id}\")";
        var token = $"{_id}@1";
        Assert.Equal(1, (await _client.CountTwinsAsync(filter, token)).Count);
        Assert.Equal("""{"id":null}""", Json(new { id = Assert.Single((await _client.ListTwinsAsync(filter, null, 10, null, "tags", token)).Items).Id }));
        var group = Assert.Single((await _client.AggregateTwinsAsync(filter, "tags/site", "max(desired/setpoint)", token)).Groups);
        Assert.Equal("""{"tags/site":"delft"}{"max(desired/setpoint)":40}""", Json(group.Group1) + Json(group.Measures));

        // What has no value is left out, and stays.
        await _client.PatchTwinAsync(_id, "\"1\"", new TwinPatch { Desired = new Dictionary<string, object> { ["setpoint"] = null!, ["on"] = true } });
        var twin = await _client.GetTwinAsync(_id, null, null);
        Assert.Equal((2, """{"site":"delft"}{"on":true}"""), (twin.Revision, Json(twin.Tags) + Json(twin.Desired)));
        Assert.Equal("offline", twin.Connection!.Status);
        Assert.Null(twin.Model);

        Assert.Equal("revision-mismatch", await Problem(412, () => _client.PatchTwinAsync(_id, "\"1\"", new TwinPatch { Model = "pump" })));
        Assert.Equal("twin-not-found", await Problem(404, () => _client.GetTwinAsync("clients:nobody", null, null)));
        Assert.Equal("filter-invalid", await Problem(400, () => _client.CountTwinsAsync("eq(", null)));
    }

    private async Task Sections()
    {
        var whole = new Dictionary<string, object> { ["motor"] = new { rpm = 1450 }, ["off"] = false };
        var patch = new Dictionary<string, object> { ["off"] = null! };
        foreach (var (get, put, change, delete, getProperty, putProperty, changeProperty, deleteProperty) in new[]
        {
            ((Func<string, string?, Task<IDictionary<string, object>>>)_client.GetTagsAsync, (Func<string, string?, IDictionary<string, object>, Task<WriteReceipt>>)_client.PutTagsAsync, (Func<string, string?, IDictionary<string, object>, Task<WriteReceipt>>)_client.PatchTagsAsync, (Func<string, string?, Task>)_client.DeleteTagsAsync, (Func<string, string, string?, Task<object>>)_client.GetTagsPropertyAsync, (Func<string, string, string?, object, Task<WriteReceipt>>)_client.PutTagsPropertyAsync, (Func<string, string, string?, object, Task<WriteReceipt>>)_client.PatchTagsPropertyAsync, (Func<string, string, string?, Task>)_client.DeleteTagsPropertyAsync),
            (_client.GetDesiredAsync, _client.PutDesiredAsync, _client.PatchDesiredAsync, _client.DeleteDesiredAsync, _client.GetDesiredPropertyAsync, _client.PutDesiredPropertyAsync, _client.PatchDesiredPropertyAsync, _client.DeleteDesiredPropertyAsync),
            (_client.GetReportedAsync, _client.PutReportedAsync, _client.PatchReportedAsync, _client.DeleteReportedAsync, _client.GetReportedPropertyAsync, _client.PutReportedPropertyAsync, _client.PatchReportedPropertyAsync, _client.DeleteReportedPropertyAsync),
        })
        {
            await put(_id, null, whole);
            await change(_id, null, patch);
            Assert.Equal("""{"motor":{"rpm":1450}}""", Json(await get(_id, null)));

            await putProperty(_id, "motor/rpm", null, 1500);
            await changeProperty(_id, "motor", null, new { poles = 4 });
            await putProperty(_id, "in~1out/ä %", null, "text");
            Assert.Equal("1500", Json(await getProperty(_id, "motor/rpm", null)));
            Assert.Equal("""{"rpm":1500,"poles":4}""", Json(await getProperty(_id, "motor", null)));
            Assert.Equal(["motor", "in/out"], (await get(_id, null)).Keys);
            await deleteProperty(_id, "motor/rpm", null);
            Assert.Equal("property-not-found", await Problem(404, () => getProperty(_id, "motor/rpm", null)));
            await delete(_id, null);
            Assert.Empty(await get(_id, null));
        }
    }

    private async Task Commands()
    {
        var answered = await _client.SendCommandAsync("demo:pump-1", "ping", "20s", null, null, new { from = "nswag" });
        Assert.Equal((CommandStatus.Answered, 200), (answered.Status, answered.Response!.Status));
        Assert.Equal(CommandStatus.Answered, (await _client.GetCommandAsync("demo:pump-1", answered.Id)).Status);
        Assert.Contains((await _client.ListCommandsAsync("demo:pump-1")).Items, command => command.Id == answered.Id);

        Assert.Equal("command-timed-out", await Problem(504, () => _client.SendCommandAsync("clients:silent", "stop", "100ms", null, null, null)));
        var pending = await _client.SendCommandAsync("clients:silent", "stop", null, "respond-async", null, null);
        Assert.Equal(CommandStatus.Cancelled, (await _client.CancelCommandAsync("clients:silent", pending.Id)).Status);
        Assert.Equal("command-ended", await Problem(409, () => _client.CancelCommandAsync("clients:silent", pending.Id)));
    }

    private async Task Streams()
    {
        using var all = await _client.WatchTwinsAsync(null, "changed", null);
        using var one = await _client.WatchTwinAsync("demo:pump-1", null, null, null);
        using var watch = await _client.WatchQueryAsync("like(id,\"demo:*\")");
        foreach (var stream in new[] { all, one, watch })
        {
            using var reader = new StreamReader(stream.Stream, leaveOpen: true);
            Assert.Equal("retry: 2000", await reader.ReadLineAsync());
        }

        Assert.Equal("not-a-websocket", await Problem(426, () => _client.OpenLiveAsync()));
    }

    private async Task TheRest()
    {
        Assert.Equal("payload-not-json", Assert.Single((await _client.ListDeadLettersAsync(1, null)).Items).Problem.Code);
        Assert.Equal("healthy", (await _client.GetLivenessAsync()).Status);
        Assert.Equal("healthy", (await _client.GetReadinessAsync()).Status);
        await _client.DeleteTwinAsync(_id, null);
    }
}
