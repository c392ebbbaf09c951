using CsCheck;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;
using Twins.Silo.Links.Gateway;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class GatewaySubscriptionsTests
{
    private static readonly string[] s_names = ["twins", "a", "b", "events", "x"];
    private static readonly Gen<string> s_level = Gen.Int[0, 4].Select(index => s_names[index]);
    private static readonly Gen<string> s_topic = s_level.Array[1, 4].Select(levels => string.Join('/', levels));
    private static readonly Gen<string> s_filter = Gen.Select(
        Gen.Int[0, 6].Select(index => index < 5 ? s_names[index] : "+").Array[1, 4], Gen.Bool, (levels, open) => string.Join('/', levels) + (open ? "/#" : ""));

    private static readonly Gen<(bool Set, string Filter, int Qos)> s_change = Gen.Select(Gen.Bool, s_filter, Gen.Int[0, 2]);

    [Fact]
    public void They_say_what_a_look_at_each_filter_would_say() =>
        Gen.Select(s_change.Array[0, 20], s_topic.Array[1, 10]).Sample((changes, topics) =>
        {
            var subscriptions = new GatewaySubscriptions();
            var model = new Dictionary<string, MqttQualityOfServiceLevel>(StringComparer.Ordinal);
            foreach (var (set, filter, qos) in changes)
            {
                if (set)
                {
                    subscriptions.Set(filter, (MqttQualityOfServiceLevel)qos);
                    model[filter] = (MqttQualityOfServiceLevel)qos;
                }
                else
                {
                    subscriptions.Remove(filter);
                    model.Remove(filter);
                }
            }

            foreach (var topic in topics)
            {
                var matching = model.Where(pair => TopicFilter.Matches(topic, pair.Key)).Select(pair => (MqttQualityOfServiceLevel?)pair.Value).ToArray();
                Assert.Equal(matching.Length == 0 ? null : matching.Max(), subscriptions.Of(topic));
            }

            Assert.Equal(model.Keys.Any(GatewayFilters.WantsEvents), subscriptions.WantEvents);
        });

    [Fact]
    public void They_are_full_for_a_new_filter_and_not_for_one_that_is_there()
    {
        var subscriptions = new GatewaySubscriptions();
        for (var number = 0; number < GatewaySubscriptions.Most; number++)
        {
            Assert.False(subscriptions.IsFullFor($"twins/d-{number}/desired"));
            subscriptions.Set($"twins/d-{number}/desired", MqttQualityOfServiceLevel.AtLeastOnce);
        }

        Assert.True(subscriptions.IsFullFor("twins/one-more/desired"));
        Assert.False(subscriptions.IsFullFor("twins/d-7/desired"));
        Assert.Equal(GatewaySubscriptions.Most, subscriptions.Devices().Count);
        subscriptions.Remove("twins/d-7/desired");
        Assert.False(subscriptions.IsFullFor("twins/one-more/desired"));
    }
}
