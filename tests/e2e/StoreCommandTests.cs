using System.Net;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Backup, restore and recovery of the embedded store, with the commands that an operator runs.</summary>
public sealed class StoreCommandTests : IAsyncDisposable
{
    /// <summary>What restore and recovery add to each revision.</summary>
    private const long RevisionGap = 1 << 20;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private TwinsProcess? _platform;

    [Fact]
    public async Task Backup_of_a_running_platform_is_restored()
    {
        var (settings, rest) = await StartAsync();
        (await rest.Put("/twins/kept", """{"tags":{"a":1}}""")).Expect(HttpStatusCode.Created);
        var backup = _folder.In("backup.db");
        var made = await TwinsProcess.Run(settings, "backup", backup);
        (await rest.Patch("/twins/kept", """{"tags":{"a":2}}""")).Expect(HttpStatusCode.OK);
        (await rest.Put("/twins/later", "{}")).Expect(HttpStatusCode.Created);

        var again = await TwinsProcess.Run(settings, "backup", backup);
        var running = await TwinsProcess.Run(settings, "restore", backup);
        await _platform!.Kill();
        var restored = await TwinsProcess.Run(settings, "restore", backup);
        await StartAgainAsync(settings);

        Assert.True(made.Code == 0, made.Output);
        Assert.Contains("Backed up 1 twins", made.Output, StringComparison.Ordinal);
        Assert.Contains("exists already", again.Output, StringComparison.Ordinal);
        Assert.Contains("in use by process", running.Output, StringComparison.Ordinal);
        Assert.True(restored.Code == 0, restored.Output);
        var twin = await rest.Twin("kept");
        Json.AssertEqual("""{"a":1}""", twin["tags"]);
        Assert.Equal(1 + RevisionGap, (long)twin["revision"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await rest.Get("/twins/later")).Status);
    }

    [Fact]
    public async Task Store_without_its_log_is_refused_and_recovered()
    {
        var (settings, rest) = await StartAsync();
        for (var i = 0; i < 50; i++)
        {
            (await rest.Put($"/twins/lost-{i}", """{"tags":{"a":1}}""")).Expect(HttpStatusCode.Created);
        }

        await _platform!.Kill();
        File.Delete(Path.Combine(settings.DataDirectory, "twins.db-wal"));
        await using (var refused = TwinsProcess.Launch(settings))
        {
            Assert.NotEqual(0, await refused.WaitForExit(s_deadline));
            Assert.Contains("is damaged: it ends with commit", refused.Output, StringComparison.Ordinal);
            Assert.Contains("--recover", refused.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", refused.Output, StringComparison.Ordinal);
        }

        await StartAgainAsync(settings, "--recover");
        Assert.Contains("Recovered ", _platform.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(settings.DataDirectory, "damaged-*"));
        (await rest.Put("/twins/after", "{}")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Damage_of_one_row_makes_its_twin_unavailable()
    {
        var (settings, rest) = await StartAsync();
        foreach (var id in new[] { "damaged", "intact" })
        {
            (await rest.Put($"/twins/{id}", $$$"""{"tags":{"text":"text of {{{id}}}"}}""")).Expect(HttpStatusCode.Created);
        }

        // A graceful stop moves everything into the database.
        Assert.Equal(0, await _platform!.Stop());
        var file = Path.Combine(settings.DataDirectory, "twins.db");
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var at = bytes.AsSpan().IndexOf("text of damaged"u8);
        bytes[at] = (byte)'T';
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        await StartAgainAsync(settings);

        var answer = await rest.Get("/twins/damaged");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "twin-damaged"), (answer.Status, (string?)answer.Json!["code"]));
        Json.AssertEqual("""{"text":"text of intact"}""", (await rest.Twin("intact"))["tags"]);
        Assert.Contains("twin damaged", _platform!.Output, StringComparison.Ordinal);
        Assert.Equal(["intact"], (await rest.Get("/twins?fields=id")).Json!["items"]!.AsArray().Select(item => (string)item!["id"]!));

        (await rest.Delete("/twins/damaged")).Expect(HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.NotFound, (await rest.Get("/twins/damaged")).Status);
        (await rest.Put("/twins/damaged", "{}")).Expect(HttpStatusCode.Created);
        Assert.True((long)((JsonNode)await rest.Twin("damaged"))["revision"]! > RevisionGap);
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
        {
            TestOutput.ShowIfFailed(_platform);
            await _platform.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task<(TwinsSettings Settings, TwinsRest Api)> StartAsync()
    {
        var settings = new TwinsSettings { DataDirectory = _folder.In("data") };
        _platform = await TwinsProcess.Start(settings);
        return (settings, new TwinsRest(_platform.Url));
    }

    private async Task StartAgainAsync(TwinsSettings settings, params string[] arguments)
    {
        await _platform!.DisposeAsync();
        _platform = TwinsProcess.Launch(settings, arguments);
        await _platform.Ready();
    }
}
