using Twins.Contracts.Topics;

namespace Twins.Contracts.Tests.Topics;

public sealed class NativeTopicsTests
{
    [Fact]
    public void What_devices_publish_on_is_read_back_and_is_what_links_subscribe_to()
    {
        string[] topics =
        [
            NativeTopics.Reported("acme:pump-1"),
            NativeTopics.ReportedProperty("acme:pump-1", ["motor", "r/p~m"]),
            NativeTopics.Get("acme:pump-1"),
            NativeTopics.CommandResponse("acme:pump-1", "01ARZ"),
            NativeTopics.Connection("acme:pump-1"),
        ];
        Assert.Equal("twins/acme:pump-1/reported/motor/r~1p~0m", topics[1]);
        Assert.Equal("twins/acme:pump-1/commands/01ARZ/response", topics[3]);
        for (var i = 0; i < topics.Length; i++)
        {
            Assert.True(NativeTopics.IsNative(topics[i]));
            Assert.True(NativeTopics.TryParse(topics[i], out var parsed, out var problem), problem?.Detail);
            Assert.Equal(("acme:pump-1", (NativeTopicKind)i), (parsed.TwinId, parsed.Kind));
            Assert.Equal(i == 1 ? ["motor", "r/p~m"] : [], parsed.Path);
            Assert.Equal(i == 3 ? "01ARZ" : null, parsed.CommandId);
            Assert.Single(NativeTopics.DeviceFilters, filter => TopicFilter.Matches(topics[i], filter));
        }

        Assert.All(NativeTopics.DeviceFilters, filter => Assert.True(TopicFilter.IsValid(filter)));
    }

    [Fact]
    public void What_the_platform_publishes_on_is_for_no_device_to_publish_on()
    {
        string[] topics =
        [
            NativeTopics.Desired("p"), NativeTopics.Document("p"), NativeTopics.Errors("p"),
            NativeTopics.CommandRequest("p", "reboot", "01"), NativeTopics.Event("p", "changed"),
        ];
        foreach (var topic in topics)
        {
            Assert.False(NativeTopics.TryParse(topic, out var parsed, out var problem));
            Assert.Equal((403, "topic-not-for-devices", "p"), (problem.Status, problem.Code, parsed.TwinId));
            Assert.DoesNotContain(NativeTopics.DeviceFilters, filter => TopicFilter.Matches(topic, filter));
        }
    }

    [Theory]
    [InlineData("", null, "topic-unknown", "twins/{id}/reported")]
    [InlineData("twins", null, "topic-unknown", "twins/{id}/reported")]
    [InlineData("Twins/p/reported", null, "topic-unknown", "Twins/p/reported")]
    [InlineData("/twins/p/reported", null, "topic-unknown", "none that a device publishes on")]
    [InlineData("other/p/reported", null, "topic-unknown", "other/p")]
    [InlineData("twins/p", "p", "topic-unknown", "twins/p")]
    [InlineData("twins/p/report", "p", "topic-unknown", "twins/p/report")]
    [InlineData("twins/p/get/now", "p", "topic-unknown", "get")]
    [InlineData("twins/p/connection/x", "p", "topic-unknown", "connection")]
    [InlineData("twins/p/commands", "p", "topic-unknown", "commands")]
    [InlineData("twins/p/commands/01/response/x", "p", "topic-unknown", "commands")]
    [InlineData("twins/p/commands/response/response", "p", "command-id-invalid", "answers no command")]
    [InlineData("twins/p/commands/a b/response", "p", "command-id-invalid", "contains \" \"")]
    [InlineData("twins//reported", null, "twin-id-invalid", "twin id is empty")]
    [InlineData("twins/a b/reported", null, "twin-id-invalid", "twin id \"a b\" contains \" \"")]
    [InlineData("twins/-a/get", null, "twin-id-invalid", "starts with \"-\"")]
    [InlineData("twins/p/reported/", "p", "topic-invalid", "nothing at level 4")]
    [InlineData("twins/p/reported//x", "p", "topic-invalid", "nothing at level 4")]
    [InlineData("twins/p/", "p", "topic-invalid", "nothing at level 3")]
    [InlineData("twins/p/reported/+", "p", "topic-invalid", "contains \"+\"")]
    [InlineData("twins/p/#", "p", "topic-invalid", "contains \"#\"")]
    [InlineData("twins/p/reported/a\0b", "p", "topic-invalid", "U+0000")]
    [InlineData("twins/p/reported/a~b", "p", "path-invalid", "\"~0\" for \"~\"")]
    public void Says_what_is_wrong(string topic, string? id, string code, string part)
    {
        Assert.False(NativeTopics.TryParse(topic, out var parsed, out var problem));
        Assert.Equal((400, code, id), (problem.Status, problem.Code, parsed.TwinId));
        Assert.Contains(part, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Topics_have_at_most_1024_characters()
    {
        var names = string.Join('/', Enumerable.Repeat(new string('n', 100), 9));
        Assert.True(NativeTopics.TryParse($"twins/p/reported/{names}", out _, out _));
        Assert.False(NativeTopics.TryParse($"twins/p/reported/{names}/{new string('n', 100)}", out var parsed, out var problem));
        Assert.Equal(("p", "topic-too-long"), (parsed.TwinId, problem.Code));
    }

    [Fact]
    public void Devices_tell_commands_from_their_own_responses()
    {
        var request = NativeTopics.CommandRequest("p", "response", "01ARZ");
        Assert.True(NativeTopics.TryParseCommand(request, out var id, out var name, out var commandId));
        Assert.Equal(("p", "response", "01ARZ"), (id, name, commandId));
        Assert.False(NativeTopics.TryParseCommand(NativeTopics.CommandResponse("p", "01ARZ"), out _, out _, out _));
        Assert.False(NativeTopics.TryParseCommand("twins/p/commands/reboot", out id, out name, out commandId));
        Assert.True(id is null && name is null && commandId is null);
        Assert.True(TopicFilter.Matches(request, NativeTopics.CommandsFilter("p")));
    }

    [Fact]
    public void Commands_are_named_like_twins()
    {
        Assert.True(NativeTopics.IsCommandName("valve:open") && NativeTopics.IsCommandName("response"));
        Assert.False(NativeTopics.IsCommandId("response") || NativeTopics.IsCommandId("a/b"));
        Assert.False(NativeTopics.TryValidateCommandName("a/b", out var problem));
        Assert.Equal("command name \"a/b\" contains \"/\"; command names use letters, digits, \".\", \"_\", \"-\" and \":\"", problem.Detail);
    }
}
