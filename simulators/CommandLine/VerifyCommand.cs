using System.CommandLine;
using Spectre.Console;
using Twins.Simulators.Verification;
using Twins.Simulators.Views;
using static Twins.Simulators.CommandLine.OptionValues;

namespace Twins.Simulators.CommandLine;

/// <summary><c>verify</c>: what devices were acknowledged for against what the platform has.</summary>
internal sealed class VerifyCommand : Command
{
    private static readonly Uri DefaultApi = new("http://127.0.0.1:8080/");

    private readonly Argument<string> _ledger = new("ledger") { Description = "What run or replay wrote with --ledger." };

    private readonly Option<Uri> _api = Make("--api", "url", "The platform's REST address.", static (text, result) => ParseApi(text, result) ?? DefaultApi, DefaultApi);

    private readonly Option<TimeSpan?> _wait = Make<TimeSpan?>(
        "--wait", "span", "Look again for so long at twins that are not right; a broker link lags behind.", ParseSpan);

    private readonly Option<int> _trust = Make(
        "--trust", "lines", "Only acknowledgements in the ledger's first so many lines count; for a broker that acknowledges before it saves. [default: all]",
        static (text, result) => ParseNumber(text, result, 1, int.MaxValue), 0);

    private readonly Option<int> _show = Make(
        "--show", "count", "How many findings to show; --json has all.", static (text, result) => ParseNumber(text, result, 0, int.MaxValue), 20);

    private readonly Option<bool> _json = new("--json") { Description = "Write the report as JSON to standard output." };

    public VerifyCommand(Surface surface)
        : base("verify", "Compares what devices were acknowledged for with what the platform has.")
    {
        Add(_ledger);
        Add(_api);
        Add(_wait);
        Add(_trust);
        Add(_show);
        Add(_json);
        SetAction((line, ended) => RunAsync(line, surface, ended));
    }

    private async Task<int> RunAsync(ParseResult line, Surface surface, CancellationToken ended)
    {
        var options = new VerifyOptions(line.GetRequiredValue(_ledger))
        {
            Api = line.GetRequiredValue(_api),
            Wait = line.GetValue(_wait) ?? TimeSpan.Zero,
            TrustedLines = line.GetValue(_trust) is var lines and > 0 ? lines : null,
        };
        using var http = new HttpClient { BaseAddress = options.Api, Timeout = TimeSpan.FromSeconds(30) };
        var json = line.GetValue(_json);
        var report = surface.Terminal is null || json
            ? await new Verifier(options, http).RunAsync(ended)
            : await WithProgressAsync(surface.Terminal, progress => new Verifier(options, http, progress).RunAsync(ended));
        if (json)
        {
            VerifyWriter.WriteJson(report, surface.Out);
        }
        else
        {
            VerifyWriter.WriteTable(report, line.GetValue(_show), surface.ForTables());
        }

        return report.Clean ? ExitCodes.Fine : ExitCodes.Failed;
    }

    private static Task<VerifyReport> WithProgressAsync(IAnsiConsole terminal, Func<IProgress<VerifyProgress>, Task<VerifyReport>> run) =>
        terminal.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(bars => run(new ProgressBars(bars)));

    private sealed class ProgressBars(ProgressContext bars) : IProgress<VerifyProgress>
    {
        private readonly Lock _gate = new();
        private ProgressTask? _bar;

        public void Report(VerifyProgress value)
        {
            lock (_gate)
            {
                if (_bar?.Description != value.Doing)
                {
                    _bar?.Value = _bar.MaxValue;
                    _bar = bars.AddTask(value.Doing, maxValue: 1);
                }

                _bar.Value = value.Share;
            }
        }
    }
}
