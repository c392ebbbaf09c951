using System.Text;
using KiotaTwins;
using KiotaTwins.Models;
using KiotaTwins.Twins.Item.Desired;
using KiotaTwins.Twins.Item.Reported;
using KiotaTwins.Twins.Item.Tags;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Abstractions.Serialization;
using Microsoft.Kiota.Http.HttpClientLibrary;

namespace Twins.Clients.Tests;

/// <summary>A client made by Kiota calls every operation.</summary>
public sealed class KiotaTests(RunningPlatform platform) : IAsyncLifetime
{
    private readonly string _id = $"clients:{Guid.NewGuid():N}";
    private DescribedCalls _calls = null!;
    private HttpClientRequestAdapter _adapter = null!;
    private TwinsClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var url = await platform.Url();
        _calls = await platform.Calls();
        _adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: KiotaClientFactory.Create(_calls)) { BaseUrl = $"{url}".TrimEnd('/') };
        _client = new TwinsClient(_adapter);
    }

    public ValueTask DisposeAsync()
    {
        _adapter?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Calls_every_operation()
    {
        await Twins();
        await Tags();
        await Desired();
        await Reported();
        await Commands();
        await Streams();
        await TheRest();
        _calls.AssertComplete();
    }

    private static async Task<string> Problem(int status, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<ProblemAnswer>(call);
        Assert.Equal(status, refused.ResponseStatusCode);
        return refused.Code!;
    }

    private static UntypedObject Motor(int rpm) => new(new Dictionary<string, UntypedNode> { ["rpm"] = new UntypedInteger(rpm) });

    private static string Json(UntypedNode? node) => KiotaJsonSerializer.SerializeAsStringAsync(node!).GetAwaiter().GetResult();

    private async Task Twins()
    {
        var twin = _client.Twins[_id];
        var created = await twin.PutAsync(new TwinContent { Tags = new() { AdditionalData = { ["site"] = "delft" } }, Desired = new() { AdditionalData = { ["setpoint"] = 40 } } }, request => request.Headers.Add("If-None-Match", "*"));
        Assert.Equal(1, created!.Revision);
        var (filter, token) = ($"eq(id,\"{_id}\")", $"{_id}@1");
        var count = await _client.Twins.Count.GetAsync(request =>
        {
            request.QueryParameters.Filter = filter;
            request.Headers.Add("Revision-Token", token);
        });
        Assert.Equal(1, count!.Count);
        var page = await _client.Twins.GetAsync(request =>
        {
            (request.QueryParameters.Filter, request.QueryParameters.Fields) = (filter, "id,tags");
            request.Headers.Add("Revision-Token", token);
        });
        Assert.Equal("delft", Assert.Single(page!.Items!).Tags!.AdditionalData["site"]);
        var groups = await _client.Twins.Aggregate.GetAsync(request =>
        {
            (request.QueryParameters.Filter, request.QueryParameters.Group, request.QueryParameters.Measure) = (filter, "tags/site", "count");
            request.Headers.Add("Revision-Token", token);
        });
        Assert.Equal("delft", Assert.Single(groups!.Groups!).GroupProp!.AdditionalData["tags/site"]);

        await twin.PatchAsync(new TwinPatch { Desired = new() { AdditionalData = { ["setpoint"] = null!, ["on"] = true } } }, request => request.Headers.Add("If-Match", "\"1\""));
        var read = await twin.GetAsync();
        Assert.Equal((2, "delft", "on"), (read!.Revision, read.Tags!.AdditionalData["site"], Assert.Single(read.Desired!.AdditionalData).Key));
        Assert.Equal("offline", read.Connection!.Status);
        Assert.Null(read.Model);

        Assert.Equal("revision-mismatch", await Problem(412, () => twin.PatchAsync(new TwinPatch { Model = "pump" }, request => request.Headers.Add("If-Match", "\"1\""))));
        Assert.Equal("twin-not-found", await Problem(404, () => _client.Twins["clients:nobody"].GetAsync()));
        Assert.Equal("filter-invalid", await Problem(400, () => _client.Twins.Count.GetAsync(request => request.QueryParameters.Filter = "eq(")));
    }

    private async Task Tags()
    {
        var tags = _client.Twins[_id].Tags;
        await tags.PutAsync(new TagsPutRequestBody { AdditionalData = { ["motor"] = Motor(1450), ["off"] = false } });
        await tags.PatchAsync(new TagsPatchRequestBody { AdditionalData = { ["off"] = null! } });
        Assert.Equal(["motor"], (await tags.GetAsync())!.AdditionalData.Keys);
        await JsonPatch(tags.ToPatchRequestInformation(new TagsPatchRequestBody()));
        await tags["motor/rpm"].PutAsync(new UntypedInteger(1500));
        await tags["motor"].PatchAsync(new UntypedObject(new Dictionary<string, UntypedNode> { ["poles"] = new UntypedInteger(4) }));
        await tags["in~1out/ä %"].PutAsync(new UntypedString("text"));
        Assert.Equal("1500", Json(await tags["motor/rpm"].GetAsync()));
        Assert.Equal(["motor", "patched", "in/out"], (await tags.GetAsync())!.AdditionalData.Keys);
        await tags["motor/rpm"].DeleteAsync();
        Assert.Equal("property-not-found", await Problem(404, () => tags["motor/rpm"].GetAsync()));
        await tags.DeleteAsync();
        Assert.Empty((await tags.GetAsync())!.AdditionalData);
    }

    private async Task Desired()
    {
        var desired = _client.Twins[_id].Desired;
        await desired.PutAsync(new DesiredPutRequestBody { AdditionalData = { ["motor"] = Motor(1450), ["off"] = false } });
        await desired.PatchAsync(new DesiredPatchRequestBody { AdditionalData = { ["off"] = null! } });
        await JsonPatch(desired.ToPatchRequestInformation(new DesiredPatchRequestBody()));
        Assert.Equal(["motor", "patched"], (await desired.GetAsync())!.AdditionalData.Keys);
        await desired["motor/rpm"].PutAsync(new UntypedInteger(1500));
        await desired["motor/rpm"].PatchAsync(new UntypedInteger(1600));
        Assert.Equal("1600", Json(await desired["motor/rpm"].GetAsync()));
        await desired["motor/rpm"].DeleteAsync();
        await desired.DeleteAsync();
    }

    private async Task Reported()
    {
        var reported = _client.Twins[_id].Reported;
        await reported.PutAsync(new ReportedPutRequestBody { AdditionalData = { ["motor"] = Motor(1450), ["off"] = false } });
        await reported.PatchAsync(new ReportedPatchRequestBody { AdditionalData = { ["off"] = null! } });
        await JsonPatch(reported.ToPatchRequestInformation(new ReportedPatchRequestBody()));
        Assert.Equal(["motor", "patched"], (await reported.GetAsync())!.AdditionalData.Keys);
        await reported["motor/rpm"].PutAsync(new UntypedInteger(1500));
        await reported["motor/rpm"].PatchAsync(new UntypedInteger(1600));
        Assert.Equal("1600", Json(await reported["motor/rpm"].GetAsync()));
        await reported["motor/rpm"].DeleteAsync();
        await reported.DeleteAsync();
    }

    /// <summary>Kiota makes a method of the first content type alone; another one is put into the request that it builds.</summary>
    private async Task JsonPatch(RequestInformation request)
    {
        request.Headers.Remove("Content-Type");
        request.SetStreamContent(new MemoryStream("""[{"op":"add","path":"/patched","value":true}]"""u8.ToArray()), "application/json-patch+json");
        Assert.NotNull(await _adapter.SendAsync(request, WriteReceipt.CreateFromDiscriminatorValue));
    }

    private async Task Commands()
    {
        var answered = await _client.Twins["demo:pump-1"].Commands["ping"].PostAsync(new UntypedObject(new Dictionary<string, UntypedNode>()), request => request.QueryParameters.Timeout = "20s");
        Assert.Equal((CommandStatus.Answered, 200), (answered!.Status, answered.Response!.Status));
        Assert.Equal(CommandStatus.Answered, (await _client.Twins["demo:pump-1"].Commands[answered.Id!].GetAsync())!.Status);
        Assert.Contains((await _client.Twins["demo:pump-1"].Commands.GetAsync())!.Items!, command => command.Id == answered.Id);

        var silent = _client.Twins["clients:silent"].Commands;
        var pending = await silent["stop"].PostAsync(new UntypedNull(), request => request.Headers.Add("Prefer", "respond-async"));
        Assert.Equal(CommandStatus.Cancelled, (await silent[pending!.Id!].DeleteAsync())!.Status);
        Assert.Equal("command-ended", await Problem(409, () => silent[pending.Id!].DeleteAsync()));
    }

    private async Task Streams()
    {
        await using var all = await _client.Events.GetAsync(request => request.QueryParameters.Kinds = "changed");
        await using var one = await _client.Twins["demo:pump-1"].Events.GetAsync();
        await using var watch = await _client.Twins.Watch.GetAsync(request => request.QueryParameters.Filter = "like(id,\"demo:*\")");
        foreach (var stream in new[] { all!, one!, watch! })
        {
            using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
            Assert.Equal("retry: 2000", await reader.ReadLineAsync());
        }

        Assert.Equal("not-a-websocket", await Problem(426, () => _client.Live.GetAsync()));
    }

    private async Task TheRest()
    {
        var letters = await _client.Deadletters.GetAsync(request => request.QueryParameters.Limit = 1);
        Assert.Equal("payload-not-json", Assert.Single(letters!.Items!).Problem!.Code);
        Assert.Equal("healthy", (await _client.Health.Live.GetAsync())!.Status);
        Assert.Equal("healthy", (await _client.Health.Ready.GetAsync())!.Status);
        await _client.Twins[_id].DeleteAsync();
    }
}
