using Microsoft.Extensions.DependencyInjection;
using Twins.Contracts.Twins;
using Twins.Silo.Links;
using Twins.Silo.Links.Gateway;
using Twins.Silo.Storage;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Links;

/// <summary>Whose a session is, with gateways that are made up and a store that is real.</summary>
[Collection("silo")]
public sealed class GatewaySessionGrainTests(SiloFixture silo)
{
    private static readonly SessionSubscription[] Subscriptions = [new("twins/p/desired", 1), new("twins/p/commands/+/+", 1)];

    private readonly string _clientId = silo.NewId();
    private ulong _token;

    /// <summary>Orleans does not keep them alive.</summary>
    private readonly List<Holder> _holders = [];

    private IGatewaySessionGrain Grain => silo.Grains.GetGrain<IGatewaySessionGrain>(_clientId);

    private Task<GatewaySessionState?> Stored => ReadStored();

    [Fact]
    public async Task The_last_one_wins_and_gets_what_the_other_had()
    {
        var (a, b) = (new Holder("a"), new Holder("b"));
        var first = Claim(a, expiry: 60);
        Assert.False((await Grain.Claim(first)).Content.Resumable);
        a.Content = new SessionContent
        {
            Resumable = true,
            Subscriptions = Subscriptions,
            Outgoing = [new OutgoingPublish { Topic = "t", Payload = [1], Qos = 1, PacketIdentifier = 7 }],
            Devices = ["p"],
        };

        var answer = await Grain.Claim(Claim(b, expiry: 60));

        Assert.Null(answer.Before);
        Assert.Equal(Subscriptions, answer.Content.Subscriptions);
        Assert.Equal(7, Assert.Single(answer.Content.Outgoing).PacketIdentifier);
        Assert.Equal(["p"], answer.Content.Devices);
        Assert.Equal([("close", first.Id), ("hand-over", first.Id)], a.Asked);
        Assert.Equal(Subscriptions, (await Stored)!.Subscriptions);
        Assert.False(await Grain.Store(first.Id, []));
        Assert.False(await Grain.Renew(first, null));
    }

    [Fact]
    public async Task The_same_gateway_is_not_asked_but_told_what_it_has()
    {
        var a = new Holder("a");
        var first = Claim(a, expiry: 60);
        await Grain.Claim(first);

        var answer = await Grain.Claim(Claim(a, expiry: 60));

        Assert.Equal(first.Id, answer.Before);
        Assert.Empty(a.Asked);
    }

    [Fact]
    public async Task A_clean_start_discards_what_is_stored_and_takes_only_the_devices()
    {
        var (a, b) = (new Holder("a") { Content = new SessionContent { Resumable = true, Subscriptions = Subscriptions, Devices = ["p"] } }, new Holder("b"));
        var first = Claim(a, expiry: 60);
        await Grain.Claim(first);
        Assert.True(await Grain.Store(first.Id, Subscriptions));

        var answer = await Grain.Claim(Claim(b, expiry: 0, clean: true));

        Assert.False(answer.Content.Resumable);
        Assert.Empty(answer.Content.Subscriptions);
        Assert.Equal(["p"], answer.Content.Devices);
        Assert.Null(await Stored);
    }

    [Fact]
    public async Task Of_a_clean_session_nothing_is_stored_and_nothing_is_written_that_is_there()
    {
        var a = new Holder("a");
        await Grain.Claim(Claim(a, expiry: 0, clean: true));
        Assert.Equal(0, silo.Storage.WritesOf(_clientId));

        var lasting = Claim(a, expiry: 60);
        await Grain.Claim(lasting);
        Assert.True(await Grain.Store(lasting.Id, Subscriptions));
        Assert.Equal(1, silo.Storage.WritesOf(_clientId));
        Assert.True(await Grain.Store(lasting.Id, Subscriptions));
        Assert.True(await Grain.Renew(lasting, null));
        await Grain.Release(lasting.Id, DateTimeOffset.UtcNow);
        await Grain.Claim(Claim(a, expiry: 60));
        Assert.Equal(1, silo.Storage.WritesOf(_clientId));
    }

    [Fact]
    public async Task A_holder_that_does_not_answer_costs_a_second_and_the_store_is_asked()
    {
        var (a, b) = (new Holder("a") { StandsStill = true }, new Holder("b"));
        var first = Claim(a, expiry: 60);
        await Grain.Claim(first);
        await Grain.Store(first.Id, Subscriptions);
        var started = TimeProvider.System.GetTimestamp();

        var answer = await Grain.Claim(Claim(b, expiry: 60));

        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.9, 5);
        Assert.True(answer.Content.Resumable);
        Assert.Equal(Subscriptions, answer.Content.Subscriptions);
    }

    [Fact]
    public async Task Of_two_that_say_that_they_hold_it_the_older_gives_up()
    {
        var (a, b) = (new Holder("a"), new Holder("b"));
        var older = Claim(a, expiry: 0);
        var newer = Claim(b, expiry: 0);

        // As after the death of the silo that knew, in both orders.
        Assert.True(await Grain.Renew(older, null));
        Assert.True(await Grain.Renew(newer, null));
        Assert.False(await Grain.Renew(older, null));
        Assert.Equal([("close", older.Id)], a.Asked);
        Assert.Empty(b.Asked);
    }

    [Fact]
    public async Task Claim_with_a_lower_token_is_refused()
    {
        var (a, b) = (new Holder("a"), new Holder("b"));
        var slow = Claim(a, expiry: 60);
        var fast = Claim(b, expiry: 60);
        Assert.Equal(0ul, (await Grain.Claim(fast)).Refused);

        Assert.Equal(fast.Token, (await Grain.Claim(slow)).Refused);

        Assert.Empty(b.Asked);
        Assert.True(await Grain.Renew(fast, null));
        Assert.False(await Grain.Renew(slow, null));
    }

    [Fact]
    public async Task A_session_that_is_over_is_not_gone_on_with()
    {
        var (a, b) = (new Holder("a") { Content = null }, new Holder("b"));
        var first = Claim(a, expiry: 60);
        await Grain.Claim(first);
        await Grain.Store(first.Id, Subscriptions);
        await Grain.Release(first.Id, DateTimeOffset.UtcNow.AddSeconds(-61));

        Assert.False((await Grain.Claim(Claim(b, expiry: 60))).Content.Resumable);
        Assert.Null(await Stored);
    }

    [Fact]
    public async Task What_the_store_does_not_take_is_not_acknowledged()
    {
        var a = new Holder("a");
        var first = Claim(a, expiry: 60);
        await Grain.Claim(first);
        using (silo.Storage.Break(_clientId))
        {
            await Assert.ThrowsAnyAsync<Exception>(() => Grain.Store(first.Id, Subscriptions));
        }

        // The grain is read from the store again, and has forgotten who holds the session: the gateway says it.
        await Eventually.Holds(() => Grain.Store(first.Id, Subscriptions), held => !held);
        Assert.True(await Grain.Renew(first, null));
        Assert.True(await Grain.Store(first.Id, Subscriptions));
        Assert.Equal(Subscriptions, (await Stored)!.Subscriptions);
    }

    private SessionClaim Claim(Holder holder, uint expiry, bool clean = false)
    {
        _holders.Add(holder);
        return new SessionClaim(
            Guid.NewGuid(),
            new LinkAddress(holder.Name, silo.Services.GetRequiredService<LinkTable>().Instance),
            holder.Reference ??= silo.Grains.CreateObjectReference<ISessionHolder>(holder),
            ++_token,
            clean,
            expiry);
    }

    private sealed class Holder(string name) : ISessionHolder
    {
        public string Name => name;

        public ISessionHolder? Reference { get; set; }

        public SessionContent? Content { get; set; } = SessionContent.Nothing;

        public bool StandsStill { get; init; }

        public List<(string What, Guid Claim)> Asked { get; } = [];

        public Task Close(Guid claim)
        {
            Asked.Add(("close", claim));
            return StandsStill ? Task.Delay(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken) : Task.CompletedTask;
        }

        public Task<SessionContent?> HandOver(Guid claim)
        {
            Asked.Add(("hand-over", claim));
            return Task.FromResult(Content);
        }
    }

    private async Task<GatewaySessionState?> ReadStored() =>
        await silo.Services.GetRequiredService<IStateStore>().ReadAsync(StateKey.Session(_clientId)) is { } stored ? GatewaySessionFormat.Read(stored.Data) : null;
}
