using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Twins.Simulators.Plans;
using Xunit;
using static Twins.Simulators.Tests.Fleets;

namespace Twins.Simulators.Tests;

public sealed class TwinTagsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static FleetPlan Tagged(int devices = 5) => Plan(Pumps(devices) with
    {
        Tags = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["site"] = ["\"rotterdam\"", "\"antwerp\""],
            ["name"] = ["\"{kind} no. {n:00}\""],
            ["line \"A\""] = ["4"],
        },
    }) with
    {
        Duration = TimeSpan.FromMilliseconds(100),
    };

    [Fact]
    public async Task Tags_are_set_before_anything_connects()
    {
        await using var broker = await TestBroker.StartAsync();
        var connected = new ConcurrentBag<int>();
        using var api = new FakeApi((request, _) =>
        {
            connected.Add(broker.Connects.Count);
            return request.Headers["If-None-Match"] == "*" ? (201, "", null) : (400, "", null);
        });
        await using var fleet = Of(Options(broker) with { Api = api.Address }, Tagged());
        var end = await fleet.RunAsync(null, Cancel);
        Assert.Equal(5, end.Tagged);
        Assert.Equal(0, end.Errors);
        Assert.All(connected, static count => Assert.Equal(0, count));
        Assert.Equal(
            [
                """PUT /twins/sim:pump-1 {"tags":{"site":"rotterdam","name":"pump no. 01","line \u0022A\u0022":4}}""",
                """PUT /twins/sim:pump-2 {"tags":{"site":"antwerp","name":"pump no. 02","line \u0022A\u0022":4}}""",
                """PUT /twins/sim:pump-3 {"tags":{"site":"rotterdam","name":"pump no. 03","line \u0022A\u0022":4}}""",
                """PUT /twins/sim:pump-4 {"tags":{"site":"antwerp","name":"pump no. 04","line \u0022A\u0022":4}}""",
                """PUT /twins/sim:pump-5 {"tags":{"site":"rotterdam","name":"pump no. 05","line \u0022A\u0022":4}}""",
            ],
            api.Requests.Order());
    }

    [Fact]
    public async Task The_tags_of_a_twin_that_is_there_are_changed()
    {
        await using var broker = await TestBroker.StartAsync();
        using var api = new FakeApi((request, _) => (request.HttpMethod == "PUT" ? 412 : 200, "", null));
        await using var fleet = Of(Options(broker) with { Api = api.Address }, Tagged(1));
        Assert.Equal(1, (await fleet.RunAsync(null, Cancel)).Tagged);
        Assert.Equal(["PUT", "PATCH"], api.Requests.Select(request => request.Split(' ')[0]));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Who_is_told_to_wait_waits(int status)
    {
        await using var broker = await TestBroker.StartAsync();
        using var api = new FakeApi((_, count) => count == 1 ? (status, "", "1") : (201, "", null));
        await using var fleet = Of(Options(broker) with { Api = api.Address }, Tagged(1));
        var since = TimeProvider.System.GetTimestamp();
        Assert.Equal(1, (await fleet.RunAsync(null, Cancel)).Tagged);
        Assert.True(TimeProvider.System.GetElapsedTime(since) >= TimeSpan.FromSeconds(1));
        Assert.Equal(2, api.Requests.Count);
    }

    [Fact]
    public async Task What_the_api_does_not_take_is_said_once_and_the_fleet_runs()
    {
        await using var broker = await TestBroker.StartAsync();
        using var api = new FakeApi((_, _) => (400, """{"detail":"tags are too large"}""", null));
        await using var fleet = Of(Options(broker) with { Api = api.Address }, Tagged());
        var end = await fleet.RunAsync(null, Cancel);
        var trouble = Assert.Single(end.Troubles);
        Assert.Equal(5, trouble.Count);
        Assert.Matches("""does not take the tags of sim:pump-\d: 400 \{"detail":"tags are too large"\}""", trouble.Sentence);
        Assert.True(end.Readings > 0);
    }

    [Fact]
    public async Task An_api_that_is_not_there_is_one_sentence_and_the_fleet_runs()
    {
        await using var broker = await TestBroker.StartAsync();
        var address = new Uri($"http://127.0.0.1:{Loopback.FreePort()}");
        await using var fleet = Of(Options(broker) with { Api = address }, Tagged(100));
        var end = await fleet.RunAsync(null, Cancel);
        Assert.StartsWith($"nobody answers at {address}, where the tags of twins are set", Assert.Single(end.Troubles).Sentence, StringComparison.Ordinal);
        Assert.Equal(0, end.Tagged);
        Assert.True(end.Readings > 0);
    }

    [Fact]
    public async Task Without_an_api_it_is_said_that_there_are_no_tags()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(Options(broker), Tagged());
        Assert.Contains("no API address was given", Assert.Single((await fleet.RunAsync(null, Cancel)).Troubles).Sentence, StringComparison.Ordinal);
    }

    private sealed class FakeApi : IDisposable
    {
        private readonly HttpListener _listener = new();

        public FakeApi(Func<HttpListenerRequest, int, (int Status, string Body, string? RetryAfter)> answer)
        {
            Address = new Uri($"http://127.0.0.1:{Loopback.FreePort()}/");
            _listener.Prefixes.Add(Address.AbsoluteUri);
            _listener.Start();
            _ = ServeAsync(answer);
        }

        public Uri Address { get; }

        public ConcurrentQueue<string> Requests { get; } = new();

        public void Dispose() => _listener.Close();

        private async Task ServeAsync(Func<HttpListenerRequest, int, (int Status, string Body, string? RetryAfter)> answer)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    using var reader = new StreamReader(context.Request.InputStream);
                    var body = await reader.ReadToEndAsync(CancellationToken.None);
                    Requests.Enqueue($"{context.Request.HttpMethod} {Uri.UnescapeDataString(context.Request.Url!.AbsolutePath)} {body}");
                    var (status, text, retryAfter) = answer(context.Request, Requests.Count);
                    context.Response.StatusCode = status;
                    if (retryAfter is not null)
                    {
                        context.Response.Headers["Retry-After"] = retryAfter;
                    }

                    await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
                    context.Response.Close();
                }
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or SocketException)
            {
                // Closed by the test.
            }
        }
    }
}
