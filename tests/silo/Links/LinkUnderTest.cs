using Microsoft.Extensions.DependencyInjection;
using Twins.Contracts.Events;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Health;
using Twins.Silo.Hosting;
using Twins.Silo.Links.Broker;
using Twins.Silo.Tests.Harness;

namespace Twins.Silo.Tests.Links;

/// <summary>A broker link of the silo under test, with a state and a log of its own.</summary>
internal sealed class LinkUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly LinkStates _states = new();
    private readonly BrokerLink _link;
    private readonly Task _running;

    public LinkUnderTest(SiloFixture silo, string uri, Action<BrokerOptions>? configure = null)
    {
        var options = new BrokerOptions { Name = $"link-{Guid.NewGuid():N}", Uri = uri };
        configure?.Invoke(options);
        Name = options.Name;
        _link = ActivatorUtilities.CreateInstance<BrokerLink>(silo.Services, options, new TwinsClusterOptions(), "Twins:Mqtt:Brokers:7", _states, Log);
        _running = _link.Run(_stopping.Token);
    }

    public string Name { get; }

    public RecordingLog<BrokerLink> Log { get; } = new();

    public LinkHealth Health => _states.Read().Single();

    public Task Connected() => Eventually.Is(() => Health.Connected, "the link to connect");

    /// <summary>Waits for an error that says this.</summary>
    public Task Fails(string says) =>
        Eventually.Is(() => Health.Error?.Contains(says, StringComparison.Ordinal) == true, $"the link to fail with \"{says}\" (it says \"{Health.Error}\")");

    public Task<DeliveryResult> Deliver(string twinId, OutgoingMessageKind kind = OutgoingMessageKind.Desired, string body = "{}", string? responseTopic = null) =>
        _link.Deliver(new OutgoingMessage
        {
            TwinId = twinId,
            Kind = kind,
            Address = new LinkAddress(Name, ""),
            Dialect = "native",
            Body = System.Text.Encoding.UTF8.GetBytes(body),
            CommandName = "open",
            CommandId = "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            ResponseTopic = responseTopic,
        });

    public Task Tell(params TwinEvent[] events) => _link.OnEvents(events);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }
}
