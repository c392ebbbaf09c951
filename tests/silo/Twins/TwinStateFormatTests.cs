using System.Text;
using Twins.Contracts.Commands;
using Twins.Contracts.Events;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;
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
        Connection = new TwinConnection(true, At, At, new LinkAddress("gateway", "S127.0.0.1:1:2"), "native"),
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

    /// <summary>What format 1 looks like for ever: later versions must still read this file.</summary>
    [Fact]
    public void Format_1_is_pinned()
    {
        var pinned = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Snapshots", "twin.1.json")).TrimEnd();

        Assert.Equal(pinned, Encoding.UTF8.GetString(TwinStateFormat.Write(Full).Span));
        Assert.Equal(pinned, Encoding.UTF8.GetString(TwinStateFormat.Write(TwinStateFormat.Read(Utf8(pinned))).Span));
    }

    /// <summary>
    /// What has been added to format 1 since: older versions leave it out when they write, and lose nothing but a
    /// note that saves a repetition.
    /// </summary>
    [Fact]
    public void Format_1_with_what_a_command_has_been_through_is_pinned()
    {
        var pinned = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Snapshots", "twin.1.sent.json")).TrimEnd();
        var sent = Full.Commands[0] with
        {
            Status = CommandStatus.Sent,
            CompletedAt = null,
            ResponseStatus = null,
            Response = null,
            SentTo = new LinkAddress("gateway", "S127.0.0.1:1:2"),
            AcknowledgedAt = At,
        };

        Assert.Equal(pinned, Encoding.UTF8.GetString(TwinStateFormat.Write(new TwinState { Exists = true, Revision = 1, CreatedAt = At, ModifiedAt = At, Commands = [sent] }).Span));
        var read = TwinStateFormat.Read(Utf8(pinned)).Commands[0];
        Assert.Equal((sent.SentTo, sent.AcknowledgedAt), (read.SentTo, read.AcknowledgedAt));
        Assert.Equal(pinned, Encoding.UTF8.GetString(TwinStateFormat.Write(TwinStateFormat.Read(Utf8(pinned))).Span));
    }

    [Fact]
    public void A_deleted_twin_keeps_its_revision_only()
    {
        var stored = TwinStateFormat.Write(new TwinState { Revision = 43 });
        Assert.Equal("""{"format":1,"revision":43}""", Encoding.UTF8.GetString(stored.Span));
        Assert.Equal((false, 43L), (TwinStateFormat.Read(stored).Exists, TwinStateFormat.Read(stored).Revision));
    }

    [Fact]
    public void A_newer_format_is_refused_and_says_what_to_do()
    {
        var exception = Assert.Throws<FormatException>(() => TwinStateFormat.Read(Utf8("""{"format":2,"revision":1}""")));
        Assert.Contains("format 2", exception.Message, StringComparison.Ordinal);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
