using System.Diagnostics;
using Twins.Contracts;
using Twins.Contracts.Commands;

namespace Twins.Api.Tests;

public sealed class CommandTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly ApiClient _client = api.Client;

    [Fact]
    public async Task A_command_is_sent_and_its_answer_awaited()
    {
        var id = Seeded();
        var twin = api.Grains.Twin(id);
        twin.OnSent = command => twin.EndCommand(command.Id, CommandStatus.Answered, 503, """{"busy":true}""");

        var answer = (await _client.Post($"/twins/{id}/commands/self-test", """{ "level" : 2 }""")).Is(200);

        Assert.Equal("""{"level":2}"""u8, twin.LastRequest!.Payload);
        Assert.Equal(TimeSpan.FromSeconds(30), twin.LastRequest.Timeout);
        Assert.Null(twin.LastRequest.IdempotencyKey);
        var command = answer.Json;
        Assert.Equal(("self-test", "answered"), ((string?)command["name"], (string?)command["status"]));
        Assert.Equal("""{"level":2}""", command["payload"]!.ToJsonString());
        Assert.Equal("""{"status":503,"body":{"busy":true}}""", command["response"]!.ToJsonString());
        Assert.Equal($"/twins/{id}/commands/{command["id"]}", answer.Header("Content-Location"));
        foreach (var time in new[] { "createdAt", "expiresAt", "completedAt" })
        {
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string)command[time]!);
        }
    }

    [Fact]
    public async Task A_command_needs_no_body()
    {
        var id = Seeded();
        api.Grains.Twin(id).Answer = (200, "null");

        (await _client.Post($"/twins/{id}/commands/ping", null)).Is(200);

        Assert.Equal("{}"u8, api.Grains.Twin(id).LastRequest!.Payload);
    }

    [Fact]
    public async Task An_answer_that_comes_later_is_waited_for()
    {
        var id = Seeded();
        var twin = api.Grains.Twin(id);
        var sent = new TaskCompletionSource<Command>(TaskCreationOptions.RunContinuationsAsynchronously);
        twin.OnSent = sent.SetResult;

        var asking = _client.Post($"/twins/{id}/commands/ping", "{}");
        var command = await sent.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(asking.IsCompleted);
        twin.EndCommand(command.Id, CommandStatus.Answered, 200, "1");

        Assert.Equal("1", (await asking).Is(200).Json["response"]!["body"]!.ToJsonString());
        Assert.InRange(twin.LongestWait, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Without_an_answer_in_time_it_is_504_with_the_address_of_the_command()
    {
        var id = Seeded();
        var started = Stopwatch.GetTimestamp();

        var answer = await _client.Post($"/twins/{id}/commands/ping?timeout=100ms", "{}");

        Assert.Contains("0.1 s", answer.IsProblem(504, "command-timed-out"), StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
        var location = answer.Header("Location")!;
        Assert.StartsWith($"/twins/{id}/commands/", location, StringComparison.Ordinal);
        Assert.Equal("timedOut", (string?)(await _client.Get(location)).Is(200).Json["status"]);
    }

    [Theory]
    [InlineData("respond-async")]
    [InlineData("wait=5, Respond-Async;q=1")]
    public async Task Prefer_respond_async_answers_202_at_once(string prefer)
    {
        var id = Seeded();

        var answer = (await _client.Post($"/twins/{id}/commands/ping", "{}", ("Prefer", prefer))).Is(202);

        Assert.Equal("respond-async", answer.Header("Preference-Applied"));
        Assert.Equal("sent", (string?)answer.Json["status"]);
        Assert.Null(answer.Json["response"]);
        var location = answer.Header("Location")!;
        Assert.Equal((string?)answer.Json["id"], (string?)(await _client.Get(location)).Is(200).Json["id"]);
    }

    [Theory]
    [InlineData(CommandStatus.Cancelled, 409, "command-cancelled")]
    [InlineData(CommandStatus.Undeliverable, 409, "command-undeliverable")]
    [InlineData(CommandStatus.TimedOut, 504, "command-timed-out")]
    public async Task Commands_that_end_without_an_answer_are_problems(CommandStatus end, int status, string code)
    {
        var id = Seeded();
        var twin = api.Grains.Twin(id);
        twin.OnSent = command => twin.EndCommand(command.Id, end);

        var answer = await _client.Post($"/twins/{id}/commands/ping", "{}");

        answer.IsProblem(status, code);
        Assert.NotNull(answer.Header("Location"));
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0.5", 500)]
    [InlineData("45", 45_000)]
    public async Task Timeouts_are_durations(string timeout, int milliseconds)
    {
        var id = Seeded();
        api.Grains.Twin(id).Answer = (200, "null");

        (await _client.Post($"/twins/{id}/commands/ping?timeout={timeout}", "{}")).Is(200);

        Assert.Equal(milliseconds, api.Grains.Twin(id).LastRequest!.Timeout.TotalMilliseconds);
    }

    [Theory]
    [InlineData("99ms")]
    [InlineData("3601")]
    [InlineData("2h")]
    [InlineData("-1s")]
    [InlineData("1d")]
    [InlineData("s")]
    [InlineData("NaN")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999")]
    public async Task Other_timeouts_are_400(string timeout) =>
        Assert.Contains("100ms to 1h", (await _client.Post($"/twins/{Seeded()}/commands/ping?timeout={timeout}", "{}")).IsProblem(400, "parameter-invalid"), StringComparison.Ordinal);

    [Theory]
    [InlineData("a%20b")]
    [InlineData("a%2Fb")]
    [InlineData("caf%C3%A9")]
    public async Task Bad_names_are_400(string name) =>
        (await _client.Post($"/twins/{Seeded()}/commands/{name}", "{}")).IsProblem(400, "command-name-invalid");

    [Fact]
    public async Task The_same_idempotency_key_is_the_same_command()
    {
        var id = Seeded();
        var twin = api.Grains.Twin(id);
        twin.Answer = (200, "1");

        var first = (await _client.Post($"/twins/{id}/commands/ping", "{}", ("Idempotency-Key", "7d3f"))).Is(200);
        var second = (await _client.Post($"/twins/{id}/commands/ping", "{ }", ("Idempotency-Key", "\"7d3f\""))).Is(200);

        Assert.Equal("7d3f", twin.LastRequest!.IdempotencyKey);
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(1, twin.Sent);
        (await _client.Post($"/twins/{id}/commands/reboot", "{}", ("Idempotency-Key", "7d3f"))).IsProblem(422, "idempotency-key-reused");
        (await _client.Post($"/twins/{id}/commands/ping", "{}", ("Idempotency-Key", new string('k', 129)))).IsProblem(400, "header-invalid");
        (await _client.Post($"/twins/{id}/commands/ping", "{}", ("Idempotency-Key", "two words"))).IsProblem(400, "header-invalid");
    }

    [Theory]
    [InlineData(409, "device-offline")]
    [InlineData(413, "command-too-large")]
    [InlineData(429, "too-many-commands")]
    public async Task What_the_twin_refuses_is_passed_on(int status, string code)
    {
        var id = Seeded();
        api.Grains.Twin(id).CommandProblem = new Problem(status, code, "no");

        (await _client.Post($"/twins/{id}/commands/ping", "{}")).IsProblem(status, code);
    }

    [Fact]
    public async Task A_missing_twin_has_no_commands()
    {
        var path = $"/twins/{api.NewId()}/commands";

        (await _client.Get(path)).IsProblem(404, "twin-not-found");
        (await _client.Post(path + "/ping", "{}")).IsProblem(404, "twin-not-found");
    }

    [Fact]
    public async Task Commands_are_listed_read_and_cancelled()
    {
        var id = Seeded();
        var path = $"/twins/{id}/commands";
        var first = (await _client.Post(path + "/ping", "1", ("Prefer", "respond-async"))).Is(202).Header("Location")!;
        var second = (await _client.Post(path + "/pong", "2", ("Prefer", "respond-async"))).Is(202).Header("Location")!;

        Assert.Equal(["pong", "ping"], (await _client.Get(path)).Is(200).Json["items"]!.AsArray().Select(command => (string)command!["name"]!));
        Assert.Equal("cancelled", (string?)(await _client.Delete(first)).Is(200).Json["status"]);
        (await _client.Delete(first)).IsProblem(409, "command-ended");
        Assert.Equal("sent", (string?)(await _client.Get(second)).Is(200).Json["status"]);
        (await _client.Get(path + "/01KE0QZJ6E4Q0V7T8M2N5RNONE")).IsProblem(404, "command-not-found");
        (await _client.Delete(path + "/01KE0QZJ6E4Q0V7T8M2N5RNONE")).IsProblem(404, "command-not-found");
    }

    private string Seeded()
    {
        var id = api.NewId();
        api.Grains.Seed(id);
        return id;
    }
}
