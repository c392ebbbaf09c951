using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Core.Internal;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Hosting;
using Twins.Silo.Links;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Twins;

/// <summary>What brokers have kept: of devices, and of the platform.</summary>
[Collection("silo")]
public sealed class RetainedMessageTests(SiloFixture silo)
{
    [Fact]
    public async Task Retained_report_makes_an_offline_twin_that_was_never_seen()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Retained(Messages.Reported("""{"a":1}""")), Retained(Messages.Property("b", "2"))]);

        var twin = await Document(id);
        Assert.Equal("""{"a":1}""", twin!["reported"]!.ToJsonString());
        Assert.Equal(("offline", null), ((string)twin["connection"]!["status"]!, twin["connection"]!["lastSeen"]));
    }

    [Fact]
    public async Task Retained_report_does_not_bring_a_deleted_twin_back()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("""{"a":1}""")]);
        await silo.Twin(id).Delete(null);

        var outcomes = await silo.Twin(id).Apply([Retained(Messages.Reported("""{"a":1}""")), Retained(Messages.Property("b", "2")), Retained(Said(DeviceMessageKind.Online))]);

        Assert.All(outcomes, outcome => Assert.Equal((MessageOutcomeKind.Stale, null), (outcome.Kind, outcome.Notice)));
        Assert.Null(await Document(id));
        await silo.Twin(id).Apply([Messages.Reported("""{"a":2}""")]);
        Assert.NotNull(await Document(id));
    }

    [Fact]
    public async Task Retained_message_does_not_change_who_is_seen()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Said(DeviceMessageKind.Online), Said(DeviceMessageKind.Offline)]);
        var before = (await Document(id))!["connection"]!.ToJsonString();

        await silo.Twin(id).Apply([Retained(Said(DeviceMessageKind.Online)), Retained(Said(DeviceMessageKind.Get)), Retained(Messages.Reported("""{"a":1}"""))]);

        var twin = await Document(id);
        Assert.Equal(before, twin!["connection"]!.ToJsonString());
        Assert.Equal(1, (int)twin["reported"]!["a"]!);
    }

    [Fact]
    public async Task Retained_offline_counts_on_the_link_of_the_device()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Said(DeviceMessageKind.Online)]);

        await silo.Twin(id).Apply([Retained(Said(DeviceMessageKind.Offline)) with { Source = new MessageSource(new LinkAddress("another", ""), "native") }]);
        Assert.Equal("online", (string?)(await Document(id))!["connection"]!["status"]);

        await silo.Twin(id).Apply([Retained(Said(DeviceMessageKind.Offline))]);
        Assert.Equal("offline", (string?)(await Document(id))!["connection"]!["status"]);
    }

    [Fact]
    public async Task Delete_clears_what_brokers_retain_when_they_are_back()
    {
        var brokers = silo.Services.GetRequiredService<IOptions<TwinsOptions>>().Value.Mqtt.Brokers;
        var broker = new BrokerOptions { Name = "clearing" };
        brokers.Add(broker);
        try
        {
            var id = silo.NewId();
            var plant = new LinkAddress(broker.Name, "");
            await using (var link = await FakeLink.At(silo.Services.GetRequiredService<LinkTable>(), plant))
            {
                await silo.Twin(id).Write(Messages.Put("""{"desired":{"a":1}}"""));
                await Eventually.Holds(() => Task.FromResult(link.Taken), taken => taken.Length == 1);
            }

            await silo.Twin(id).Delete(null);
            // It is kept with the deleted twin until a broker has taken it.
            await silo.Twin(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
            await using var again = await FakeLink.At(silo.Services.GetRequiredService<LinkTable>(), plant);
            Assert.Null(await Document(id));
            var taken = await Eventually.Holds(() => Task.FromResult(again.Taken), taken => taken.Length > 0);

            // At least once: an activation that ends while it sends does not know whether the broker has taken it.
            Assert.All(taken, cleared => Assert.Equal((OutgoingMessageKind.Desired, 0), (cleared.Kind, cleared.Body.Length)));
        }
        finally
        {
            brokers.Remove(broker);
        }
    }

    private static DeviceMessage Retained(DeviceMessage message) => message with { Retained = true };

    private static DeviceMessage Said(DeviceMessageKind kind) => Messages.Reported("") with { Kind = kind };

    private async Task<JsonNode?> Document(string id) =>
        await silo.Twin(id).Get() is { } view ? JsonNode.Parse(Encoding.UTF8.GetString(view.Document)) : null;
}
