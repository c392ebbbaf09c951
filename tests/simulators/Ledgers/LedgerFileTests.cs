using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Twins.Simulators.Ledgers;
using Twins.Simulators.Mqtt;
using Xunit;

namespace Twins.Simulators.Tests.Ledgers;

public sealed class LedgerFileTests : IDisposable
{
    private static readonly LedgerHeader Header = new("mqtt://127.0.0.1:1883", 7, "pumps \"one\"", DateTimeOffset.UnixEpoch.AddDays(1));

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"ledger-{Guid.NewGuid():N}.jsonl");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task The_format_is_this_one()
    {
        await using (var ledger = LedgerFile.Create(_path, Header, TimeProvider.System))
        {
            Assert.Equal(1, ledger.Sent("sim:a", """{"t":1.50}"""u8.ToArray(), MessageStamp.None));
            Assert.Equal(2, ledger.Sent("sim:b", """{"m":{"rpm":null}}"""u8.ToArray(), new MessageStamp(ulong.MaxValue, 3, "2026-01-01T00:00:00Z")));
            ledger.Acknowledged(2);
            Assert.Equal((2, 1), (ledger.Entries, ledger.AcknowledgedEntries));
        }

        Assert.Equal(
            """
            {"ledger":1,"broker":"mqtt://127.0.0.1:1883","seed":7,"plan":"pumps \u0022one\u0022","started":"1970-01-02T00:00:00+00:00"}
            {"n":1,"id":"sim:a","patch":{"t":1.50}}
            {"n":2,"id":"sim:b","epoch":18446744073709551615,"seq":3,"ts":"2026-01-01T00:00:00Z","patch":{"m":{"rpm":null}}}
            {"ack":2}
            {"end":2}

            """,
            await File.ReadAllTextAsync(_path, Cancel));
        var reader = LedgerReader.Open(_path);
        Assert.Equal(Header, reader.Header);
        Assert.Equal(
            [
                "Sent 1 sim:a    {\"t\":1.50}", "Sent 2 sim:b 18446744073709551615 3 2026-01-01T00:00:00 {\"m\":{\"rpm\":null}}",
                "Acknowledged 2     ", "End 2     ",
            ],
            reader.Read().Select(entry => $"{entry.Kind} {entry.Number} {entry.TwinId} {entry.Epoch} {entry.Seq} {entry.Time?.ToString("s")} {Encoding.UTF8.GetString(entry.Patch.Span)}"));
    }

    [Fact]
    public async Task What_was_noted_is_in_the_file_within_a_second_and_readable_while_it_grows()
    {
        var time = new FakeTimeProvider();
        await using var ledger = LedgerFile.Create(_path, Header, time);
        ledger.Sent("sim:a", "{}"u8.ToArray(), MessageStamp.None);
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return new FileInfo(_path).Length > 0;
        });
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return LedgerReader.Open(_path).Read().Count() == 1;
        });
        Assert.False(LedgerAcknowledgements.Of(LedgerReader.Open(_path)).IsComplete);
    }

    [Fact]
    public async Task Every_prefix_of_a_ledger_can_be_read_and_a_torn_line_counts_for_nothing()
    {
        await WriteSmallAsync();
        var whole = await File.ReadAllBytesAsync(_path, Cancel);
        var header = whole.AsSpan().IndexOf((byte)'\n') + 1;
        var seen = 0;
        for (var length = header; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(_path, whole[..length], Cancel);
            var lines = whole.AsSpan(header, length - header).Count((byte)'\n');
            Assert.Equal(lines, LedgerReader.Open(_path).Read().Count());
            seen = lines;
        }

        Assert.Equal(5, seen);
    }

    [Theory]
    [InlineData("", "line 1: there is no complete line; a ledger is what run or replay writes with --ledger")]
    [InlineData("time,device\n", "line 1: this is not the header of a ledger; a ledger is what run or replay writes with --ledger")]
    [InlineData("{\"id\":1}\n", "line 1: this is not the header of a ledger; a ledger is what run or replay writes with --ledger")]
    [InlineData("{\"ledger\":2}\n", "line 1: the ledger's format is 2; this simulator reads 1")]
    [InlineData("H{\"n\":1,\"id\":\"a\"\n{\"ack\":1}\n", "line 2: this is no line of a ledger; only its last line may be torn")]
    [InlineData("H{\"n\":1,\"id\":\"a\",\"patch\":[1]}\n", "line 2: this is no line of a ledger; only its last line may be torn")]
    [InlineData("H{\"n\":1,\"id\":\"a\",\"patch\":{}} x\n", "line 2: this is no line of a ledger; only its last line may be torn")]
    [InlineData("H{\"n\":1,\"patch\":{}}\n", "line 2: this is neither a report nor an acknowledgement; the ledger was changed or is damaged")]
    [InlineData("H{\"n\":2,\"id\":\"a\",\"patch\":{}}\n", "line 2: entry 2 does not belong behind entry 0; a line is missing above")]
    [InlineData("H{\"ack\":1}\n", "line 2: entry 1 does not belong behind entry 0; a line is missing above")]
    [InlineData("H{\"end\":0}\n{\"end\":0}\n", "line 3: the ledger goes on after its end; are these two ledgers in one file?")]
    public void What_is_no_ledger_is_one_sentence_with_its_line(string text, string expected)
    {
        const string Good = """{"ledger":1,"broker":"b","plan":"p","started":"2026-01-01T00:00:00Z"}""";
        File.WriteAllText(_path, text.StartsWith('H') ? Good + "\n" + text[1..] : text);
        var wrong = Assert.Throws<LedgerException>(() => LedgerReader.Open(_path).Read().Count());
        Assert.Equal($"{Path.GetFileName(_path)}, {expected}", wrong.Message);
    }

    [Fact]
    public void A_ledger_is_never_written_over()
    {
        File.WriteAllText(_path, "mine");
        var wrong = Assert.Throws<LedgerException>(() => LedgerFile.Create(_path, Header, TimeProvider.System));
        Assert.Equal($"ledger \"{_path}\" is there already; name another file, or remove it", wrong.Message);
        Assert.Equal("mine", File.ReadAllText(_path));
    }

    [Fact]
    public async Task A_disk_that_is_full_is_told_and_holds_nobody_up()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full");
        var link = _path + ".full";
        await using var file = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        await using var ledger = LedgerFile.On(link, file, Header, TimeProvider.System);
        var patch = new byte[100_000];
        patch.AsSpan().Fill((byte)' ');
        for (var sent = 0; sent < 200; sent++)
        {
            ledger.Sent("sim:a", patch, MessageStamp.None);
        }

        await Eventually.IsTrueAsync(() => ledger.Broken.IsCancellationRequested);
        Assert.StartsWith($"ledger \"{link}\" can not be written any more: ", ledger.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_digest_is_of_what_each_device_was_acknowledged_for_however_devices_interleave()
    {
        var one = await DigestAsync("a1 b1 a2 b2 a3", acknowledged: "1 2 3 4");
        Assert.Matches("^[0-9a-f]{16}$", one);
        Assert.Equal(one, await DigestAsync("b1 b2 a1 a2", acknowledged: "4 3 2 1"));
        Assert.NotEqual(one, await DigestAsync("b2 b1 a1 a2", acknowledged: "4 3 2 1"));
        Assert.NotEqual(one, await DigestAsync("b1 b2 a1 a2", acknowledged: "1 2 3"));
        Assert.NotEqual(one, await DigestAsync("b1 b2 a1 a2 a3", acknowledged: "1 2 3 4 5"));
    }

    [Fact]
    public async Task Many_threads_can_note_and_nothing_is_missing()
    {
        const int Threads = 4, Reports = 20_000;
        var watch = Stopwatch.StartNew();
        await using (var ledger = LedgerFile.Create(_path, Header, TimeProvider.System))
        {
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(
                () =>
                {
                    for (var report = 0; report < Reports; report++)
                    {
                        ledger.Acknowledged(ledger.Sent($"sim:{thread}", Encoding.UTF8.GetBytes($$"""{"v":{{report}}}"""), MessageStamp.None));
                    }
                },
                Cancel)));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed.TotalMicroseconds / Threads / Reports:0.00} µs, {new FileInfo(_path).Length / (double)Threads / Reports:0} bytes per report");
        var next = new int[Threads];
        var all = LedgerAcknowledgements.Of(LedgerReader.Open(_path));
        Assert.Equal((Threads * Reports, Threads * Reports, true), (all.Reports, all.Count, all.IsComplete));
        foreach (var entry in LedgerReader.Open(_path).Read().Where(entry => entry.Kind == LedgerEntryKind.Sent))
        {
            var thread = entry.TwinId[^1] - '0';
            Assert.Equal($$"""{"v":{{next[thread]++}}}""", Encoding.UTF8.GetString(entry.Patch.Span));
        }
    }

    private async Task WriteSmallAsync()
    {
        await using var ledger = LedgerFile.Create(_path, Header, TimeProvider.System);
        ledger.Acknowledged(ledger.Sent("sim:a", """{"t":"ü"}"""u8.ToArray(), MessageStamp.None));
        ledger.Acknowledged(ledger.Sent("sim:a", """{"t":2}"""u8.ToArray(), MessageStamp.None));
    }

    private async Task<string> DigestAsync(string sent, string acknowledged)
    {
        File.Delete(_path);
        await using (var ledger = LedgerFile.Create(_path, Header, TimeProvider.System))
        {
            foreach (var report in sent.Split(' '))
            {
                ledger.Sent($"sim:{report[0]}", Encoding.UTF8.GetBytes($$"""{"v":{{report[1]}}}"""), MessageStamp.None);
            }

            foreach (var entry in acknowledged.Split(' '))
            {
                ledger.Acknowledged(entry[0] - '0');
            }
        }

        return LedgerDigest.Of(LedgerReader.Open(_path));
    }
}
