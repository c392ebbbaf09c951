using MQTTnet.Protocol;
using Twins.Contracts.Topics;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// What a session subscribes to, kept by the two levels that a topic begins with: a field gateway that subscribes for
/// thousands of devices costs a message no more than a device that subscribes for itself. Safe for any thread.
/// </summary>
internal sealed class GatewaySubscriptions
{
    /// <summary>Subscriptions of one session; more are refused. Three for each of 3,000 devices behind a field gateway.</summary>
    public const int Most = 10_000;

    private readonly Lock _gate = new();

    /// <summary>By <see cref="StartOf"/>; under an empty text those with a wildcard there.</summary>
    private readonly Dictionary<string, Dictionary<string, MqttQualityOfServiceLevel>> _byStart = new(StringComparer.Ordinal);

    private int _count;
    private int _forEvents;
    private long _version;

    /// <summary>Whether a subscription can match <c>twins/{id}/events/{kind}</c>.</summary>
    public bool WantEvents
    {
        get
        {
            lock (_gate)
            {
                return _forEvents > 0;
            }
        }
    }

    /// <summary>All of them, in no order, and a number that grows with each change.</summary>
    public (SessionSubscription[] Subscriptions, long Version) All()
    {
        lock (_gate)
        {
            return ([.. _byStart.Values.SelectMany(filters => filters).Select(pair => new SessionSubscription(pair.Key, (byte)pair.Value))], _version);
        }
    }

    /// <summary>Grows with each change.</summary>
    public long Version
    {
        get
        {
            lock (_gate)
            {
                return _version;
            }
        }
    }

    /// <summary>Whether this very filter is among them.</summary>
    public bool Contains(string filter)
    {
        lock (_gate)
        {
            return _byStart.TryGetValue(StartOf(filter), out var filters) && filters.ContainsKey(filter);
        }
    }

    /// <summary>The devices that it speaks for (<see cref="GatewayFilters.DeviceOf"/>).</summary>
    public HashSet<string> Devices()
    {
        lock (_gate)
        {
            return _byStart.Values.SelectMany(filters => filters.Keys).Select(GatewayFilters.DeviceOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <summary>Whether a subscription would be one too many.</summary>
    public bool IsFullFor(string filter)
    {
        lock (_gate)
        {
            return _count >= Most && !(_byStart.TryGetValue(StartOf(filter), out var filters) && filters.ContainsKey(filter));
        }
    }

    public void Set(string filter, MqttQualityOfServiceLevel qos)
    {
        lock (_gate)
        {
            var start = StartOf(filter);
            if (!_byStart.TryGetValue(start, out var filters))
            {
                _byStart.Add(start, filters = new(StringComparer.Ordinal));
            }

            if (filters.TryGetValue(filter, out var known))
            {
                _version += known == qos ? 0 : 1;
            }
            else
            {
                _version++;
                _count++;
                _forEvents += GatewayFilters.WantsEvents(filter) ? 1 : 0;
            }

            filters[filter] = qos;
        }
    }

    public void Remove(string filter)
    {
        lock (_gate)
        {
            var start = StartOf(filter);
            if (!_byStart.TryGetValue(start, out var filters) || !filters.Remove(filter))
            {
                return;
            }

            _version++;
            _count--;
            _forEvents -= GatewayFilters.WantsEvents(filter) ? 1 : 0;
            if (filters.Count == 0)
            {
                _byStart.Remove(start);
            }
        }
    }

    /// <summary>The highest QoS that a topic is subscribed with (MQTT-3.3.4-2), or null.</summary>
    public MqttQualityOfServiceLevel? Of(string topic)
    {
        lock (_gate)
        {
            return Higher(Of(topic, StartOf(topic)), Of(topic, ""));
        }
    }

    private MqttQualityOfServiceLevel? Of(string topic, string start)
    {
        MqttQualityOfServiceLevel? highest = null;
        if (_byStart.TryGetValue(start, out var filters))
        {
            foreach (var (filter, qos) in filters)
            {
                highest = TopicFilter.Matches(topic, filter) ? Higher(highest, qos) : highest;
            }
        }

        return highest;
    }

    private static MqttQualityOfServiceLevel? Higher(MqttQualityOfServiceLevel? one, MqttQualityOfServiceLevel? other) =>
        one is null || other > one ? other : one;

    /// <summary>The first two levels, which a topic and a filter without wildcards there must share; empty where it has less or one is a wildcard.</summary>
    private static string StartOf(string topicOrFilter)
    {
        var first = topicOrFilter.IndexOf('/', StringComparison.Ordinal);
        if (first < 0)
        {
            return "";
        }

        var second = topicOrFilter.IndexOf('/', first + 1);
        var start = second < 0 ? topicOrFilter : topicOrFilter[..second];
        return start.AsSpan().ContainsAny('+', '#') ? "" : start;
    }
}
