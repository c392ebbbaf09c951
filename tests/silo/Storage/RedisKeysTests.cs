using Twins.Silo.Storage;
using Twins.Silo.Storage.Redis;
using Xunit;

namespace Twins.Silo.Tests.Storage;

/// <summary>Pins the keys of stored states: a changed key loses all of them.</summary>
public sealed class RedisKeysTests
{
    private readonly RedisKeys _keys = new("twins");

    [Fact]
    public void Key_of_a_twin_is_pinned() => Assert.Equal("twins/state/twin/acme:pump-1/twin", (string?)_keys.Of(StateKey.Twin("acme:pump-1")));

    [Fact]
    public void Key_of_a_session_is_pinned() => Assert.Equal("twins/state/gatewaysession/acme/1/session", (string?)_keys.Of(StateKey.Session("acme/1")));
}
