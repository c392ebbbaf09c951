using System.Text;
using Twins.Simulators.Ledgers;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Verification;

namespace Twins.Simulators.Tests.Verification;

/// <summary>Writes ledgers from a few words, and verifies them.</summary>
internal sealed class LedgerScript : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger").FullName;

    public LedgerScript() => Path = System.IO.Path.Combine(_folder, "run.ledger");

    public string Path { get; }

    public FakePlatform Platform { get; } = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Platform.Dispose();
    }

    /// <summary>Notes reports, each acknowledged unless its patch begins with <c>?</c>.</summary>
    public Task WriteAsync(params string[] patches) =>
        WriteAsync([.. patches.Select(patch => ("sim:a", patch.TrimStart('?'), MessageStamp.None, patch[0] != '?'))]);

    public async Task WriteAsync(IReadOnlyList<(string Id, string Patch, MessageStamp Stamp, bool Acknowledged)> reports)
    {
        File.Delete(Path);
        File.Delete(SeenFile.PathOf(Path));
        await using var ledger = LedgerFile.Create(Path, new LedgerHeader("b", 1, "p", DateTimeOffset.UnixEpoch.AddYears(50)), TimeProvider.System);
        foreach (var (id, patch, stamp, acknowledged) in reports)
        {
            var entry = ledger.Sent(id, Encoding.UTF8.GetBytes(patch), stamp);
            if (acknowledged)
            {
                ledger.Acknowledged(entry);
            }
        }
    }

    public async Task<VerifyReport> VerifyAsync(VerifyOptions? options = null)
    {
        using var http = new HttpClient(Platform, disposeHandler: false) { BaseAddress = FakePlatform.Address };
        return await new Verifier(options ?? new VerifyOptions(Path), http).RunAsync(CancellationToken.None);
    }

    /// <summary>The findings, each in a line: <c>stale sim:a motor/rpm 2→1 #3←#1</c>.</summary>
    public async Task<string> FindingsAsync() => string.Join('\n', (await VerifyAsync()).Findings.Select(finding =>
        $"{finding.Verdict.ToString().ToLowerInvariant()} {finding.Twin} {finding.Property ?? "twin"} "
        + $"{finding.Expected?.ToJsonString() ?? "-"}→{finding.Found?.ToJsonString() ?? "-"}"
        + $"{(finding.Entry is { } entry ? $" #{entry}" : "")}{(finding.FoundEntry is { } found ? $"←#{found}" : "")}"));
}
