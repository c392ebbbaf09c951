using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Twins.Api.Events;
using Twins.Api.Live;
using Twins.Contracts.Fleet;

namespace Twins.Api.Tests;

public sealed class LiveSocketTests : IAsyncLifetime
{
    private readonly ApiFixture _api = new(TimeProvider.System, builder => builder.UseSetting("AllowedHosts", "*"));
    private readonly LiveTwins _twins;

    public LiveSocketTests() => _twins = new LiveTwins(_api);

    private EventHub Hub => _api.Services.GetRequiredService<EventHub>();

    public async ValueTask InitializeAsync() => await _twins.Listen();

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Subscriptions_share_a_connection_and_are_told_apart()
    {
        _twins.Set("a", """{"t":11}""");
        using var client = await LiveClient.Open(_api.Address);

        await client.Send("""{"subscribe":"e","to":"events","twin":"a","kinds":"changed"}""");
        await client.Receive("e", "subscribed");
        await client.Send("""{"subscribe":"w","to":"watch","filter":"gt(reported/t,10)"}""");
        await client.Receive("w", "subscribed");
        var member = await client.Receive("w", "member");
        Assert.Equal("a", (string?)member["data"]!["twin"]!["id"]);
        Assert.Equal(1, (int?)(await client.Receive("w", "ready"))["data"]!["count"]);

        await _twins.Change("a", """{"t":12}""");
        JsonNode[] told = [(await client.Next())!, (await client.Next())!];
        var ofEvents = Assert.Single(told, message => (string?)message["subscription"] == "e");
        var ofWatch = Assert.Single(told, message => (string?)message["subscription"] == "w");
        Assert.Equal(("changed", "2-changed"), ((string?)ofEvents["event"], (string?)ofEvents["data"]!["id"]));
        Assert.Equal(("changed", 12), ((string?)ofWatch["event"], (int?)ofWatch["data"]!["twin"]!["reported"]!["t"]));
        Assert.Equal((string?)ofEvents["id"], (string?)ofWatch["id"]);

        await client.Send("""{"unsubscribe":"e"}""");
        await client.Receive("e", "unsubscribed");
        await _twins.Change("a", """{"t":1}""");
        await client.Receive("w", "left");
        Assert.Equal(1, Hub.Clients);
    }

    [Fact]
    public async Task Events_go_on_where_they_were_left()
    {
        string? seen;
        using (var client = await LiveClient.Open(_api.Address))
        {
            await client.Send("""{"subscribe":"e","to":"events","filter":"gt(reported/t,10)"}""");
            await client.Receive("e", "subscribed");
            await _twins.Change("a", """{"t":11}""");
            seen = (string?)(await client.Receive("e", "changed"))["id"];
            await client.Close();
        }

        await _twins.Change("a", """{"t":1}""");
        await _twins.Change("a", """{"t":12}""");
        using var again = await LiveClient.Open(_api.Address);
        await again.Send($$"""{"subscribe":"e","to":"events","filter":"gt(reported/t,10)","lastEventId":"{{seen}}"}""");
        await again.Receive("e", "subscribed");
        Assert.Equal("3-changed", (string?)(await again.Receive("e", "changed"))["data"]!["id"]);
        await again.Send("""{"subscribe":"x","to":"events","lastEventId":"unknown"}""");
        await again.Receive("x", "subscribed");
        Assert.Equal(LiveMessage.NotBuffered, (string?)(await again.Receive("x", "reset"))["data"]!["reason"]);
    }

    [Theory]
    [InlineData("", "frame-invalid", null)]
    [InlineData("{", "frame-invalid", null)]
    [InlineData("[]", "frame-invalid", null)]
    [InlineData("{}", "frame-invalid", null)]
    [InlineData("""{"subscribe":"a"}""", "frame-invalid", "a")]
    [InlineData("""{"subscribe":"a","subscribe":"b","to":"events"}""", "frame-invalid", null)]
    [InlineData("""{"subscribe":"a","unsubscribe":"a"}""", "frame-invalid", "a")]
    [InlineData("""{"subscribe":1,"to":"events"}""", "frame-invalid", null)]
    [InlineData("""{"subscribe":"","to":"events"}""", "frame-invalid", "")]
    [InlineData("""{"subscribe":"a","to":"elsewhere"}""", "frame-invalid", "a")]
    [InlineData("""{"subscribe":"a","to":"events","fliter":"x"}""", "frame-invalid", "a")]
    [InlineData("""{"subscribe":"a","to":"watch","twin":"b"}""", "frame-invalid", "a")]
    [InlineData("""{"subscribe":"a","to":"events","filter":"eq("}""", "filter-invalid", "a")]
    [InlineData("""{"subscribe":"a","to":"events","twin":"a/b"}""", "twin-id-invalid", "a")]
    [InlineData("""{"subscribe":"a","to":"events","kinds":"nothing"}""", "parameter-invalid", "a")]
    [InlineData("""{"unsubscribe":"a"}""", "subscription-not-found", "a")]
    [InlineData("""{"unsubscribe":"a","to":"events"}""", "frame-invalid", "a")]
    [InlineData("""{"subscribe":"\ud800","to":"events"}""", "frame-invalid", null)]
    [InlineData("""{"subscribe":"a","to":"events","\udc00":"x"}""", "frame-invalid", null)]
    [InlineData("""{"subscribe":"a","to":"events","filter":"eq(id,\"\ud800\")"}""", "frame-invalid", "a")]
    public async Task A_mistake_is_answered_and_the_connection_goes_on(string frame, string code, string? subscription)
    {
        using var client = await LiveClient.Open(_api.Address);

        await client.Send(frame);

        var problem = (await client.Receive(subscription, "problem"))["data"]!;
        Assert.Equal((code, "urn:twins:problem:" + code, "/live"), ((string?)problem["code"], (string?)problem["type"], (string?)problem["instance"]));
        Assert.InRange((int)problem["status"]!, 400, 499);
        Assert.NotEmpty((string)problem["detail"]!);
        await client.Send("""{"subscribe":"good","to":"events"}""");
        await client.Receive("good", "subscribed");
    }

    [Fact]
    public async Task Frames_that_are_too_large_or_binary_are_refused()
    {
        using var client = await LiveClient.Open(_api.Address);

        await client.Send($$"""{"subscribe":"a","to":"events","filter":"{{new string('x', 100_000)}}"}""");
        Assert.Equal("frame-too-large", (string?)(await client.Receive(null, "problem"))["data"]!["code"]);
        await client.Send("""{"subscribe":"a","to":"events"}"""u8.ToArray(), WebSocketMessageType.Binary);
        Assert.Equal("frame-invalid", (string?)(await client.Receive(null, "problem"))["data"]!["code"]);
        await client.Send($$"""{"subscribe":"{{new string('x', 65)}}","to":"events"}""");
        Assert.Contains("1 to 64", (string?)(await client.Next())!["data"]!["detail"], StringComparison.Ordinal);
        await client.Send($$"""{"subscribe":"{{new string('x', 64)}}","to":"events"}""");
        await client.Receive(new string('x', 64), "subscribed");
    }

    [Fact]
    public async Task A_connection_has_64_subscriptions_at_most_and_each_name_once()
    {
        using var client = await LiveClient.Open(_api.Address);
        for (var i = 0; i < LiveSocket.MaxSubscriptions; i++)
        {
            await client.Send($$"""{"subscribe":"s{{i}}","to":"events"}""");
            await client.Receive($"s{i}", "subscribed");
        }

        await client.Send("""{"subscribe":"more","to":"events"}""");
        Assert.Equal("too-many-subscriptions", (string?)(await client.Receive("more", "problem"))["data"]!["code"]);
        await client.Send("""{"subscribe":"s7","to":"events"}""");
        Assert.Equal("subscription-exists", (string?)(await client.Receive("s7", "problem"))["data"]!["code"]);
        await client.Send("""{"unsubscribe":"s7"}""");
        await client.Receive("s7", "unsubscribed");
        await client.Send("""{"subscribe":"more","to":"events"}""");
        await client.Receive("more", "subscribed");
        Assert.Equal(64, Hub.Clients);

        await client.Close();
        await EventTests.Until(() => Hub.Clients == 0);
    }

    [Fact]
    public async Task A_subscription_that_can_not_begin_is_a_problem_and_its_name_is_free()
    {
        using var client = await LiveClient.Open(_api.Address);
        _api.Grains.Fleet.IndexFailure = new IndexRebuildingException(1, 2, 3);
        await client.Send("""{"subscribe":"w","to":"watch"}""");
        Assert.Equal(("index-rebuilding", 503), Code(await client.Receive("w", "problem")));
        _api.Grains.Fleet.IndexFailure = new FilterTooSlowException(TimeSpan.FromSeconds(1));
        await client.Send("""{"subscribe":"w","to":"watch"}""");
        Assert.Equal(("filter-too-slow", 400), Code(await client.Receive("w", "problem")));

        _api.Grains.Fleet.IndexFailure = null;
        for (var i = 0; i < 21; i++)
        {
            _twins.Set($"a{i}", "{}");
        }

        await client.Send("""{"subscribe":"w","to":"watch"}""");
        Assert.Equal(("watch-too-large", 400), Code(await client.Receive("w", "problem")));
        await client.Send("""{"subscribe":"w","to":"watch","filter":"eq(id,\"a1\")"}""");
        await client.Receive("w", "subscribed");
        await client.Receive("w", "member");

        static (string?, int?) Code(JsonNode message) => ((string?)message["data"]!["code"], (int?)message["data"]!["status"]);
    }

    [Fact]
    public async Task Who_breaks_off_is_forgotten()
    {
        using (var client = await LiveClient.Open(_api.Address))
        {
            await client.Send("""{"subscribe":"e","to":"events"}""");
            await client.Receive("e", "subscribed");
            await client.Send("""{"subscribe":"w","to":"watch"}""");
            await client.Receive("w", "subscribed");
        }

        await EventTests.Until(() => Hub.Clients == 0);
    }

    [Fact]
    public async Task Pages_of_other_origins_can_not_open_it()
    {
        using (var own = await LiveClient.Open(_api.Address, $"http://{_api.Address.Authority}"))
        {
            Assert.Equal(WebSocketState.Open, own.State);
        }

        foreach (var origin in (string[])["http://evil.example", $"http://{_api.Address.Host}:1", "null", "https://evil.example:" + _api.Address.Port])
        {
            var refused = await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.Open(_api.Address, origin));
            Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://[::1]:8080", "[::1]:8080", true)]
    [InlineData("http://[::1]", "[0:0::1]", true)]
    [InlineData("https://twins.example", "twins.example", true)]
    [InlineData("https://twins.example", "TWINS.example:443", true)]
    [InlineData("http://[::1]:8080", "[::2]:8080", false)]
    [InlineData("http://[::1]:8080", "[::1]:8081", false)]
    [InlineData("https://twins.example", "twins.example:80", false)]
    public async Task A_page_is_of_the_server_by_whatever_name_that_was_asked(string origin, string host, bool own)
    {
        var open = await Record.ExceptionAsync(async () => (await LiveClient.Open(_api.Address, origin, host)).Dispose());

        Assert.Equal(own, open is null);
    }

    [Fact]
    public async Task The_end_of_the_process_is_said()
    {
        using var client = await LiveClient.Open(_api.Address);
        await client.Send("""{"subscribe":"e","to":"events"}""");
        await client.Receive("e", "subscribed");
        await client.Send("""{"subscribe":"w","to":"watch"}""");
        await client.Receive("w", "subscribed");
        await client.Receive("w", "ready");

        var stopping = Task.Run(_api.Dispose, TestContext.Current.CancellationToken);
        Assert.Null(await client.Next());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.CloseStatus);
        await client.Close();
        await stopping;
    }

    [Fact]
    public async Task Plain_http_is_told_what_it_is_for()
    {
        (await _api.Client.Get("/live")).IsProblem((int)HttpStatusCode.UpgradeRequired, "not-a-websocket");
    }
}
