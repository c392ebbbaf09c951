using System.Text.Json.Nodes;
using Twins.Simulators.CommandLine;
using Twins.Simulators.Views;
using Xunit;

namespace Twins.Simulators.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"readings-{Guid.NewGuid():N}.csv");

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
        File.Delete(_path);
    }

    [Theory]
    [InlineData("run --rate often", "rate \"often\" is not a number, a slash and s, min or h; write for example 1/s, 6/min or 0.1/s. See: run --help")]
    [InlineData("run --devices many", "--devices \"many\" is not a whole number from 1 to 1000000. See: run --help")]
    [InlineData("run --devices 0", "--devices \"0\" is not a whole number from 1 to 1000000. See: run --help")]
    [InlineData("run --qos 3", "--qos \"3\" is not a whole number from 0 to 2. See: run --help")]
    [InlineData("run --protocol 4", "MQTT \"4\" is not spoken here; 5 or 3.1.1. See: run --help")]
    [InlineData("run --broker http://127.0.0.1", "broker \"http://127.0.0.1\" is not an MQTT address; write host:port, mqtt://host:port, mqtts://host for TLS, or ws://host/path and wss://host/path for WebSockets. See: run --help")]
    [InlineData("run --broker mqtt://me:secret@host", "the broker's address holds a user name; pass it with --username and --password instead. See: run --help")]
    [InlineData("run --duration 5", "\"5\" is not a span of time; write for example 500ms, 60s, 5min or 1h. See: run --help")]
    [InlineData("run --prefix a/b", "prefix \"a/b\" cannot begin a twin id; use letters, digits, \".\", \"_\" and \"-\". See: run --help")]
    [InlineData("run --kinds pump,robot", "there is no kind \"robot\"; there are pump, thermostat, meter, truck, parking. See: run --help")]
    [InlineData("run --password x", "--password without --username; give both. See: run --help")]
    [InlineData("run --key k.pem", "--key without --cert; give both. See: run --help")]
    [InlineData("run --ca ca.pem", "--ca only goes with TLS, and mqtt://127.0.0.1:1883 is none; write mqtts:// or wss://. See: run --help")]
    [InlineData("run --api here", "\"here\" is not the address of a REST API; write for example http://127.0.0.1:8080. See: run --help")]
    [InlineData("run --qos 0 --ledger l", "--ledger makes no sense with --qos 0, where nothing is acknowledged; use --qos 1. See: run --help")]
    [InlineData("run --report /no/such/folder/r.html", "report \"/no/such/folder/r.html\" can not be written: Could not find a part of the path '/no/such/folder/r.html'; name another file with --report")]
    [InlineData("run --ledger /no/such/folder/l", "ledger \"/no/such/folder/l\" can not be written: Could not find a part of the path '/no/such/folder/l'")]
    [InlineData("replay f.csv --rate 1/s", "\"--rate\" is unknown. See: replay --help")]
    [InlineData("run --device 3", "\"--device\" is unknown; did you mean --devices?")]
    [InlineData("replay f.csv --colunm a=b", "\"--colunm\" is unknown; did you mean --column?")]
    [InlineData("rnu --devices 3", "\"rnu\" is unknown; did you mean run?")]
    [InlineData("replay f.csv --speed 0", "speed \"0\" is neither a number more than 0 nor max. See: replay --help")]
    [InlineData("replay f.csv --from noon", "\"noon\" is not a time; write RFC 3339 (2026-01-31T09:00:00Z) or Unix seconds or milliseconds. See: replay --help")]
    [InlineData("replay f.csv --from 2026-01-02 --to 2026-01-01", "--from is not before --to; nothing is left to play. See: replay --help")]
    [InlineData("replay f.csv --column value", "--column \"value\" is not name=property; write for example value=temperature. See: replay --help")]
    [InlineData("replay f.csv --loop --timestamps", "--loop makes no sense with --timestamps, because the times of the second round are older; leave one out. See: replay --help")]
    [InlineData("replay no-such-file.csv", "there is no file \"no-such-file.csv\"")]
    [InlineData("replay", "Required argument 'file' missing for command: 'replay'. See: replay --help")]
    [InlineData("verify no-such-file", "there is no ledger \"no-such-file\"; run or replay write one with --ledger")]
    [InlineData("verify l --wait long", "\"long\" is not a span of time; write for example 500ms, 60s, 5min or 1h. See: verify --help")]
    [InlineData("fly", "\"fly\" is unknown. See: --help")]
    public async Task Bad_usage_is_one_sentence_and_2(string line, string sentence)
    {
        Assert.Equal(2, await RunAsync(line));
        Assert.Equal(sentence, _error.ToString().TrimEnd());
        Assert.Empty(_out.ToString());
    }

    [Fact]
    public async Task Without_arguments_help_is_printed()
    {
        Assert.Equal(0, await RunAsync(""));
        Assert.Contains("Usage:", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("replay", _out.ToString(), StringComparison.Ordinal);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task A_bad_file_is_one_sentence_before_anything_connects()
    {
        await File.WriteAllTextAsync(_path, "time,device,t\n1,a,2\nnoon,a,2\n", TestContext.Current.CancellationToken);
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(2, await RunAsync($"replay {_path} --broker {broker.Address}"));
        Assert.Equal(
            $"{Path.GetFileName(_path)}, line 3: \"noon\" is not a time; write RFC 3339 (2026-01-31T09:00:00Z) or Unix seconds or milliseconds",
            _error.ToString().TrimEnd());
        Assert.Empty(broker.Connects);
    }

    [Theory]
    [InlineData("run", "--devices --rate --broker --duration --prefix --qos --protocol --username --password --ca --cert --key --seed --connect-rate --sequence --json --quiet --kinds --give-up --ledger --report --api")]
    [InlineData("replay", "--broker --duration --prefix --qos --protocol --username --password --ca --connect-rate --sequence --speed --from --to --loop --column --device --timestamps --json --quiet --give-up --ledger --report")]
    [InlineData("verify", "--api --wait --show --json")]
    public async Task Help_names_every_option(string command, string options)
    {
        Assert.Equal(0, await RunAsync(command + " --help"));
        foreach (var option in options.Split(' '))
        {
            Assert.Contains(option, _out.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nobody_there_is_one_sentence_and_1()
    {
        var port = Loopback.FreePort();
        Assert.Equal(1, await RunAsync($"run --devices 3 --duration 1500ms --quiet --broker mqtt://127.0.0.1:{port}"));
        Assert.Equal(
            $"nothing listens at mqtt://127.0.0.1:{port}; start a broker or gateway there, or name another address",
            _error.ToString().TrimEnd());
        Assert.Contains("3 tried and never did", _out.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--username sim --password wrong", "refuses user \"sim\" or the password; check both")]
    [InlineData("", "refuses devices without credentials; give a user name and a password")]
    [InlineData("--protocol 3.1.1", "refuses devices without credentials; give a user name and a password")]
    public async Task Bad_credentials_are_one_sentence_and_1(string more, string sentence)
    {
        await using var broker = await TestBroker.StartAsync(("sim", "right"));
        Assert.Equal(1, await RunAsync($"run --devices 2 --duration 1s --quiet --broker {broker.Address} {more}"));
        Assert.Equal($"{broker.Address} {sentence}", _error.ToString().TrimEnd());
    }

    [Fact]
    public async Task The_json_summary_is_all_there_is_on_standard_output()
    {
        await using var broker = await TestBroker.StartAsync(("sim", "right"));
        Assert.Equal(0, await RunAsync(
            $"run --devices 4 --rate 10/s --duration 1s --json --seed 5 --broker {broker.Address} --username sim --password right"));
        var summary = JsonNode.Parse(_out.ToString())!.AsObject();
        Assert.True(summary["succeeded"]!.GetValue<bool>());
        Assert.Equal(5, summary["seed"]!.GetValue<int>());
        Assert.Equal(4, summary["connected"]!.GetValue<int>());
        Assert.Equal(broker.Messages.Count, summary["published"]!.GetValue<int>());
        Assert.Equal(broker.Messages.Count, summary["acknowledged"]!.GetValue<int>());
        Assert.Equal(broker.Messages.Count, summary["latency"]!["count"]!.GetValue<int>());
        Assert.True(summary["latency"]!["p99"]!.GetValue<double>() > 0);
        Assert.Contains("4 devices at 10/s", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_ends_by_itself_with_a_table()
    {
        await File.WriteAllTextAsync(_path, "time,device,t\n1,a,2\n2,b,3\n", TestContext.Current.CancellationToken);
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(0, await RunAsync($"replay {_path} --broker {broker.Address} --speed max"));
        Assert.Contains("of 2 readings in", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("none missing", _out.ToString(), StringComparison.Ordinal);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task Cancelling_is_a_normal_end_with_a_summary()
    {
        await using var broker = await TestBroker.StartAsync();
        using var cancel = new CancellationTokenSource();
        var running = RunUntilAsync($"run --devices 2 --broker {broker.Address} --quiet", cancel.Token);
        await Eventually.IsTrueAsync(() => broker.Messages.Count > 4);
        await cancel.CancelAsync();
        Assert.Equal(0, await running);
        Assert.Contains("none missing", _out.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(string line) => RunUntilAsync(line, TestContext.Current.CancellationToken);

    private Task<int> RunUntilAsync(string line, CancellationToken cancellationToken) => Simulator.RunAsync(
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries), new Surface(_out, _error, null), cancellationToken);
}
