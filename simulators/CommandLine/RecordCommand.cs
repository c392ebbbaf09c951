using System.CommandLine;
using Spectre.Console;
using Twins.Simulators.Fleet;
using Twins.Simulators.Recording;
using Twins.Simulators.Views;
using static Twins.Simulators.CommandLine.OptionValues;
using Recorder = Twins.Simulators.Recording.Recorder;

namespace Twins.Simulators.CommandLine;

/// <summary><c>record</c>: what devices report, into a file that <c>replay</c> takes.</summary>
internal sealed class RecordCommand : Command
{
    private static readonly TimeSpan LiveEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(5);

    private readonly BrokerOptions _broker;

    private readonly Argument<string> _file = new("file") { Description = "The CSV file that is made." };

    private readonly Option<RecordSource> _source = Make(
        "--source", "auto|devices|events", "What devices publish, or what the platform's gateway tells applications.", ParseSource, RecordSource.Auto);

    private readonly Option<string?> _topic = Make<string?>("--topic", "filter", "Devices' topics, for some of them. [default: twins/+/reported/#]", ParseTopic);

    private readonly Option<TimeSpan?> _duration = Make<TimeSpan?>("--duration", "span", "How long: 500ms, 60s, 5min, 1h. Without it, until Ctrl-C.", ParseSpan);

    private readonly Option<int?> _limit = Make<int?>(
        "--limit", "count", "End after so many messages.", static (text, result) => ParseNumber(text, result, 1, int.MaxValue));

    private readonly Option<bool> _json = new("--json") { Description = "Write the summary as JSON to standard output, and everything else to standard error." };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Show nothing while it runs." };

    public RecordCommand(Surface surface)
        : base("record", "Records what devices report, into a file that replay takes.")
    {
        Add(_file);
        foreach (var option in (Option[])[_source, _topic, _duration, _limit, _json, _quiet])
        {
            Add(option);
        }

        _broker = new BrokerOptions(this, publishes: false);
        Validators.Add(line =>
        {
            if (Given(line, _topic) && Value(line, _source) == RecordSource.Events)
            {
                line.AddError("--topic is of devices' topics, and --source events listens to none of them; leave one out");
            }
        });
        SetAction((line, ended) => RunAsync(line, surface, ended));
    }

    private async Task<int> RunAsync(ParseResult line, Surface surface, CancellationToken ended)
    {
        var options = new RecordOptions(line.GetRequiredValue(_file))
        {
            Connection = _broker.Apply(line, new FleetOptions()),
            Source = line.GetValue(_source),
            Topic = line.GetValue(_topic),
            Duration = line.GetValue(_duration),
            Limit = line.GetValue(_limit),
        };
        var (json, quiet) = (line.GetValue(_json), line.GetValue(_quiet));
        await using var recorder = new Recorder(options, surface.Error.WriteLine);
        var recording = recorder.RunAsync(ended);
        if (!quiet)
        {
            await ShowAsync(recorder, recording, options, json ? null : surface.Terminal, json ? surface.Error : surface.Out);
        }

        var end = await recording;
        RecordWriter.Write(end, options, json, surface);
        return end.Messages > 0 ? ExitCodes.Fine : ExitCodes.Failed;
    }

    private static Task ShowAsync(Recorder recorder, Task recording, RecordOptions options, IAnsiConsole? terminal, TextWriter plain)
    {
        var time = options.Connection.Time;
        var since = time.GetTimestamp();
        string Line() => $"{Figures.Time(time.GetElapsedTime(since))}  {RecordWriter.Line(recorder.Snapshot())}";
        return terminal is null
            ? RepeatAsync(PlainEvery, () => plain.WriteLine(Line()))
            : terminal.Status().StartAsync("connecting", status => RepeatAsync(LiveEvery, () => status.Status(Markup.Escape(Line()))));

        async Task RepeatAsync(TimeSpan every, Action show)
        {
            using var timer = new PeriodicTimer(every, time);
            using var stop = new CancellationTokenSource();
            var stopping = recording.ContinueWith(_ => stop.Cancel(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            try
            {
                while (await timer.WaitForNextTickAsync(stop.Token))
                {
                    show();
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The recording is over, one way or the other; its caller sees how.
            }

            await stopping;
        }
    }
}
