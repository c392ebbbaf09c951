using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Twins.Silo.Hosting;
using Xunit;

namespace Twins.Silo.Tests.Hosting;

public sealed class DrainTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TwinsOptions _options = new();

    [Fact]
    public async Task The_end_begins_when_others_had_the_time_to_notice()
    {
        _options.Cluster.DrainSeconds = 5;
        var stopping = Stopping(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(stopping.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(0.1));

        await stopping.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Whoever_is_in_a_hurry_is_not_held_up()
    {
        _options.Cluster.DrainSeconds = 300;
        using var hurry = new CancellationTokenSource();
        var stopping = Stopping(hurry.Token);
        await hurry.CancelAsync();

        await stopping.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private Task Stopping(CancellationToken cancellationToken) =>
        new Drain(Options.Create(_options), _time, NullLogger<Drain>.Instance).StoppingAsync(cancellationToken);
}
