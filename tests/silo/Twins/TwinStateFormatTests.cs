using System.Text;
using Twins.Contracts.Commands;
using Twins.Contracts.Events;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;
using Twins.Silo.Links.Fencing;
using Twins.Silo.Storage;
using Twins.Silo.Twins;
using Xunit;

namespace Twins.Silo.Tests.Twins;

public sealed class TwinStateFormatTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static readonly TwinState Full = new()
    {
        Exists = true,
        Revision = 42,
        Model = "pump/2",
        Tags = Utf8("""{"site":"rotterdam"}"""),
        Desired = Utf8("""{"setpoint":40}"""),
        Reported = Utf8("""{"setpoint":35,"motor":{"rpm":1450}}"""),
        DesiredStamps = Utf8("""{"setpoint":1767323045678}"""),
        ReportedStamps = Utf8("""{"setpoint":1767323045678,"motor":{"rpm":[1767323045678,1,9]}}"""),
        Epochs = EpochHistory.None.Resolve(7).History,
        Connection = new TwinConnection
        {
            Online = true,
            Since = At,
            LastSeen = At,
            Address = new LinkAddress("gateway", "S127.0.0.1:1:2"),
            Dialect = "native",
        },
        CreatedAt = At,
        ModifiedAt = At,
        Commands =
        [
            new Command
            {
                Id = "01KDYG0000000000000000000A",
                Name = "reboot",
                Payload = Utf8("""{"delay":5}"""),
                Status = CommandStatus.Answered,
                CreatedAt = At,
                ExpiresAt = At.AddSeconds(30),
                CompletedAt = At,
                ResponseStatus = 200,
                Response = Utf8("{}"),
                IdempotencyKey = "key",
            },
        ],
        DesiredPending = true,
        Events = [new TwinEvent("pump", "42-changed", "changed", 42, At, Utf8("{}"))],
    };

    private static readonly RightTokens Tokens = default(RightTokens)
        .With(new RightToken(Rights.OfGateway("pump"), 1_048_577, 12))
        .With(new RightToken(Rights.OfBroker("plant", "twins-plant"), ulong.MaxValue, 0));

    private static readonly TwinState Sent = new()
    {
        Exists = true,
        Revision = 1,
        CreatedAt = At,
        ModifiedAt = At,
        Commands =
        [
            Full.Commands[0] with
            {
                Status = CommandStatus.Sent,
                CompletedAt = null,
                ResponseStatus = null,
                Response = null,
                SentTo = new LinkAddress("gateway", "S127.0.0.1:1:2"),
                AcknowledgedAt = At,
            },
        ],
    };

    private static readonly TwinState Wrapped = new()
    {
        Exists = true,
        Revision = 1,
        CreatedAt = At,
        ModifiedAt = At,
        Reported = Utf8("""{"a":1,"t":2}"""),
        ReportedStamps = Utf8("""{"a":[1767323045678,1,259],"t":[1767323045678,[1767323045000000]]}"""),
        Epochs = EpochHistory.None.Resolve(7, 3, 256).History,
        Connection = new TwinConnection { Since = At, LastSeen = At, Address = new LinkAddress("plant", ""), Dialect = "native", Stale = 12 },
    };

    [Fact]
    public void Format_2_is_pinned()
    {
        Assert.Equal(Snapshot("twin.2.json"), Written(Full));
        Assert.Equal(Snapshot("twin.2.sent.json"), Written(Sent));
        Assert.Equal(Snapshot("twin.2.deleted.json"), Written(new TwinState { Revision = 43 }));
        Assert.Equal(Snapshot("twin.2.fenced.json"), Written(new TwinState { Revision = 43, Tokens = Tokens }));
        Assert.Equal(Tokens, TwinStateFormat.Read(Encoding.UTF8.GetBytes(Snapshot("twin.2.fenced.json"))).Tokens);
        Assert.Equal(Snapshot("twin.2.cleared.json"), Written(new TwinState { Revision = 43, DesiredPending = true }));
        Assert.Equal(Snapshot("twin.2.wrapped.json"), Written(Wrapped));
    }

    /// <summary>
    /// Format 1 is read for ever. What was added to it later (<c>twin.1.sent.json</c>) is a note that saves a repetition.
    /// </summary>
    [Theory]
    [InlineData("twin.1.json", "twin.2.json")]
    [InlineData("twin.1.sent.json", "twin.2.sent.json")]
    [InlineData("twin.2.json", "twin.2.json")]
    [InlineData("twin.2.sent.json", "twin.2.sent.json")]
    [InlineData("twin.2.deleted.json", "twin.2.deleted.json")]
    [InlineData("twin.2.cleared.json", "twin.2.cleared.json")]
    [InlineData("twin.2.wrapped.json", "twin.2.wrapped.json")]
    public void Stored_twin_is_read_and_written_in_full(string stored, string written) =>
        Assert.Equal(Snapshot(written), Written(TwinStateFormat.Read(Utf8(Snapshot(stored)))));

    [Theory]
    [InlineData("""{"format":1,"revision":43}""")]
    [InlineData("""{"format":2,"revision":43,"exists":false}""")]
    public void Deleted_twin_keeps_its_revision_only(string stored)
    {
        var read = TwinStateFormat.Read(Utf8(stored));

        Assert.Equal((false, 43L), (read.Exists, read.Revision));
    }

    [Fact]
    public void Unknown_members_are_passed_over()
    {
        var stored = Snapshot("twin.2.json").Replace("\"exists\"", "\"new\":{\"a\":[1]},\"exists\"", StringComparison.Ordinal);

        Assert.Equal(Snapshot("twin.2.json"), Written(TwinStateFormat.Read(Utf8(stored))));
    }

    [Fact]
    public void Newer_format_is_refused_with_its_number()
    {
        var newer = StoredFormat.Readable + 1;

        var exception = Assert.Throws<FormatException>(() => TwinStateFormat.Read(Utf8($$"""{"format":{{newer}},"revision":1}""")));

        Assert.Contains($"format {newer}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Release_reads_the_format_that_it_writes() => Assert.True(StoredFormat.Readable >= StoredFormat.Written);

    private static string Snapshot(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Snapshots", name)).TrimEnd();

    private static string Written(TwinState state) => Encoding.UTF8.GetString(TwinStateFormat.Write(state).Span);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
