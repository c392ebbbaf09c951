using System.Text;
using System.Text.Json.Nodes;
using Twins.Contracts.Twins;
using Twins.Silo.Tests.Harness;
using Twins.Silo.Twins;
using Xunit;

namespace Twins.Silo.Tests.Twins;

/// <summary>Desired properties that a device refuses.</summary>
[Collection("silo")]
public sealed class DesiredRejectionTests(SiloFixture silo)
{
    private readonly string _id = silo.NewId();

    private ITwinGrain Twin => silo.Twin(_id);

    [Fact]
    public async Task Refused_property_is_shown_in_the_metadata()
    {
        await WriteAsync("""{"desired":{"lock":"open","motor":{"rpm":9000,"on":true}}}""");

        Assert.Equal(MessageOutcomeKind.Applied, await RejectAsync("""{"lock":"closed by hand","motor":{"rpm":"too fast"}}"""));

        var desired = (await DocumentAsync())["metadata"]!["desired"]!;
        Assert.Equal("closed by hand", (string?)desired["lock"]!["rejected"]!["reason"]);
        Assert.Equal(1, (int?)desired["lock"]!["rejected"]!["revision"]);
        Assert.NotNull(desired["lock"]!["at"]);
        Assert.Equal("too fast", (string?)desired["motor"]!["rpm"]!["rejected"]!["reason"]);
        Assert.Null(desired["motor"]!["on"]!["rejected"]);
        Assert.Equal(2, (int?)(await DocumentAsync())["revision"]);
        Assert.Equal(MessageOutcomeKind.Applied, await RejectAsync("""{"motor":"broken"}"""));
        Assert.Equal("broken", (string?)(await DocumentAsync())["metadata"]!["desired"]!["motor"]!["on"]!["rejected"]!["reason"]);
    }

    [Fact]
    public async Task Refusal_of_an_earlier_value_is_stale()
    {
        await WriteAsync("""{"desired":{"lock":"open"}}""");
        await Twin.Write(Messages.Merge("""{"desired":{"lock":"ajar"}}"""));

        Assert.Equal(MessageOutcomeKind.Stale, await RejectAsync("""{"lock":"closed by hand"}""", revision: 1));
        Assert.Equal(MessageOutcomeKind.Stale, await RejectAsync("""{"other":"unknown"}""", revision: 2));
        Assert.Null((await DocumentAsync())["metadata"]!["desired"]!["lock"]!["rejected"]);
    }

    [Theory]
    [InlineData("""{"desired":{"lock":"open"}}""", false)]
    [InlineData("""{"desired":{"lock":"shut"}}""", false)]
    [InlineData("""{"desired":{"lock":null}}""", false)]
    [InlineData("""{"desired":{"other":1}}""", true)]
    [InlineData("""{"tags":{"lock":1}}""", true)]
    public async Task Refusal_ends_when_an_application_writes_the_property(string patch, bool remains)
    {
        await WriteAsync("""{"desired":{"lock":"open"}}""");
        await RejectAsync("""{"lock":"closed by hand"}""");

        await Twin.Write(Messages.Merge(patch));

        Assert.Equal(remains, (await DocumentAsync())["metadata"]!["desired"]!["lock"]?["rejected"] is not null);
    }

    [Fact]
    public void Delta_leaves_refused_properties_out()
    {
        var state = new TwinState
        {
            Desired = Utf8("""{"lock":"open","motor":{"rpm":9000}}"""),
            Rejections = DesiredRejections.Add([], Utf8("""{"motor":{"rpm":"too fast"}}"""), Utf8("""{"lock":"open","motor":{"rpm":9000}}"""), default, 1),
        };

        Assert.Equal("""{"lock":"open"}""", Encoding.UTF8.GetString(state.Delta()));
    }

    [Fact]
    public void Refusals_are_stored()
    {
        var state = new TwinState
        {
            Exists = true,
            Revision = 3,
            Desired = Utf8("""{"lock":"open"}"""),
            DesiredRevision = 2,
            Rejections = [new DesiredRejection(["lock"], DateTimeOffset.UnixEpoch, "closed by hand", 2)],
        };

        var read = TwinStateFormat.Read(TwinStateFormat.Write(state));

        Assert.Equal(2, read.DesiredRevision);
        var rejection = Assert.Single(read.Rejections);
        Assert.Equal(("lock", "closed by hand", 2L), (Assert.Single(rejection.Path), rejection.Reason, rejection.Revision));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private Task WriteAsync(string json) => Twin.Write(Messages.Put(json));

    private async Task<MessageOutcomeKind> RejectAsync(string reasons, long? revision = null) => Assert.Single(await Twin.Apply(
    [
        new DeviceMessage
        {
            Kind = DeviceMessageKind.DesiredRejected,
            Source = Messages.Somewhere,
            Body = Utf8(reasons),
            Revision = revision ?? (long)(await DocumentAsync())["revision"]!,
        },
    ])).Kind;

    private async Task<JsonNode> DocumentAsync() => JsonNode.Parse((await Twin.Get())!.Document)!;
}
