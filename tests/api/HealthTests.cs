using System.Reflection;

namespace Twins.Api.Tests;

public sealed class HealthTests : IDisposable
{
    private readonly ApiFixture _api = new();
    private readonly ApiClient _client;

    public HealthTests() => _client = _api.Client;

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task Ready_follows_the_twins_and_live_does_not()
    {
        Assert.Equal("healthy", (string?)(await _client.Get("/health/ready")).Is(200).Json["status"]);

        _api.Grains.Failure = new TimeoutException("secret");
        var ready = await _client.Get("/health/ready");

        Assert.Contains("twins", ready.IsProblem(503, "not-ready"), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", ready.Body, StringComparison.Ordinal);
        (await _client.Get("/health/live")).Is(200);
        (await _client.Send(HttpMethod.Head, "/health/live", (string?)null, null)).Is(200);
    }

    [Theory]
    [InlineData(typeof(SiloUnavailableException))]
    [InlineData(typeof(OrleansMessageRejectionException))]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(ObjectDisposedException))]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(IOException))]
    public async Task What_a_silo_that_leaves_does_to_a_call_can_be_tried_again(Type failure)
    {
        _api.Grains.Failure = (Exception)Activator.CreateInstance(failure, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, ["secret"], null)!;

        foreach (var answer in new[] { await _client.Get("/twins/x"), await _client.Put("/twins/x", """{"tags":{}}""") })
        {
            answer.IsProblem(503, "unavailable");
            Assert.Equal("1", answer.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task The_root_leads_to_swagger() =>
        Assert.Equal("/swagger", (await _client.Get("/")).Is(302).Header("Location"));
}
