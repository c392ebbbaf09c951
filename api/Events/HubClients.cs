using Twins.Contracts.Query;

namespace Twins.Api.Events;

/// <summary>
/// The clients of the hub, by what they want: of an event only those are asked whom it may concern, and equal filters are tested
/// once. Not thread-safe: <see cref="EventHub"/> holds its lock around it.
/// </summary>
internal sealed class HubClients
{
    private readonly HashSet<HubClient> _everything = [];
    private readonly Dictionary<string, HashSet<HubClient>> _byTwin = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FilterGroup> _byFilter = new(StringComparer.Ordinal);
    private readonly FilterMatcher _matcher = new();
    private int _wantDocuments;

    /// <summary>The event whose document the matcher has read.</summary>
    private long _read;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of them needs the twin's document with each event.</summary>
    public bool WantDocuments => _wantDocuments > 0;

    /// <summary>Adds a client.</summary>
    public void Add(HubClient client)
    {
        if (client.Filter is { } filter)
        {
            if (!_byFilter.TryGetValue(filter.Text, out var group))
            {
                _byFilter[filter.Text] = group = new FilterGroup(filter.Text, _matcher.Add(filter.Parsed));

                // What the new filter looks at was not read.
                _read = 0;
            }

            group.Clients++;
            client.Group = group;
        }

        if (client.TwinId is not null && !_byTwin.ContainsKey(client.TwinId))
        {
            _byTwin[client.TwinId] = [];
        }

        PlaceOf(client).Add(client);
        Count++;
        _wantDocuments += client.WantsDocuments ? 1 : 0;
    }

    /// <summary>Removes a client, if it is there.</summary>
    public void Remove(HubClient client)
    {
        if ((client.TwinId is not null && !_byTwin.ContainsKey(client.TwinId)) || !PlaceOf(client).Remove(client))
        {
            return;
        }

        Count--;
        _wantDocuments -= client.WantsDocuments ? 1 : 0;
        if (client.TwinId is not null && _byTwin[client.TwinId].Count == 0)
        {
            _byTwin.Remove(client.TwinId);
        }

        if (client.Group is { } group && --group.Clients == 0)
        {
            _byFilter.Remove(group.Text);
            _matcher.Remove(group.Matched);
        }
    }

    /// <summary>Tells an event to whom it concerns.</summary>
    /// <param name="next">The event.</param>
    /// <param name="now">When it is told.</param>
    public void Tell(HubEvent next, DateTimeOffset now)
    {
        foreach (var client in _everything)
        {
            client.Offer(next, Match.Yes);
        }

        foreach (var group in _byFilter.Values)
        {
            if (group.Everywhere.Count > 0)
            {
                var match = Ask(group, next, now);
                foreach (var client in group.Everywhere)
                {
                    client.Offer(next, match);
                }
            }
        }

        if (_byTwin.TryGetValue(next.TwinId!, out var clients))
        {
            foreach (var client in clients)
            {
                client.Offer(next, client.Group is { } group ? Ask(group, next, now) : Match.Yes);
            }
        }
    }

    /// <summary>Tells everybody.</summary>
    public void TellAll(HubEvent next)
    {
        foreach (var clients in _byTwin.Values.Concat(_byFilter.Values.Select(group => group.Everywhere)).Append(_everything))
        {
            foreach (var client in clients)
            {
                client.Offer(next, Match.Yes);
            }
        }
    }

    private Match Ask(FilterGroup group, HubEvent next, DateTimeOffset now)
    {
        if (next.Document is null)
        {
            return Match.Unknown;
        }

        if (_read != next.Sequence)
        {
            _matcher.Read(next.Document, now);
            _read = next.Sequence;
        }

        return group.Holds(next.Sequence, _matcher) ? Match.Yes : Match.No;
    }

    /// <summary>Where a client stands; each in one place only.</summary>
    private HashSet<HubClient> PlaceOf(HubClient client) =>
        client.TwinId is not null ? _byTwin[client.TwinId]
        : client.Group is { } group ? group.Everywhere
        : _everything;
}
