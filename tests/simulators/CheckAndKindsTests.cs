using Twins.Simulators.CommandLine;
using Twins.Simulators.Kinds;
using Twins.Simulators.Plans;
using Twins.Simulators.Views;
using Xunit;

namespace Twins.Simulators.Tests;

public sealed class CheckAndKindsTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"fleet-{Guid.NewGuid():N}.yaml");

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public async Task Check_explains_a_fleet()
    {
        Assert.Equal(0, await RunAsync("check", Repository.Find("simulators/examples/storm.yaml")));
        var text = _out.ToString();
        TestContext.Current.TestOutputHelper!.WriteLine(text);
        Assert.Contains("Storm, namespace storm, seed 13", text, StringComparison.Ordinal);
        Assert.Contains("its clock starts at 2026-01-01 00:00:00Z, for 5min", text, StringComparison.Ordinal);
        Assert.Matches(@"pump +│ +20 │ +20 │ +5 │ +2 │ each 2s ± 20 % +│ +10 │ +1,[0-9]{3} │", text);
        Assert.Matches(@"all +│ +30 │ +30 │", text);
        Assert.Contains("33 % of all (about 10 of 30)", text, StringComparison.Ordinal);
        Assert.Contains("at 30s, again each 2min, for 10s", text, StringComparison.Ordinal);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task Check_lists_all_mistakes_and_ends_with_2()
    {
        await File.WriteAllTextAsync(_path, "kinds:\n  pump:\n    extends: pump\n    cuont: 5\n    report: 5\n", TestContext.Current.CancellationToken);
        Assert.Equal(2, await RunAsync("check", _path));
        var name = Path.GetFileName(_path);
        Assert.Equal(
            [
                $"{name}, line 4: \"cuont\" is no key of a kind; did you mean \"count\"?",
                $"{name}, line 5: report is \"5\"; write a span of time with its unit: 500ms, 60s, 5min or 1h",
            ],
            _error.ToString().TrimEnd().Split(Environment.NewLine));
        Assert.Empty(_out.ToString());
    }

    [Fact]
    public async Task Check_wants_a_file()
    {
        Assert.Equal(2, await RunAsync("check"));
        Assert.EndsWith("See: check --help", _error.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kinds_lists_the_library()
    {
        Assert.Equal(0, await RunAsync("kinds"));
        foreach (var kind in KindLibrary.All)
        {
            Assert.Contains(KindLibrary.Summary(kind), _out.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_kind_is_written_as_a_fleet_file()
    {
        Assert.Equal(0, await RunAsync("kinds", "truck"));
        await File.WriteAllTextAsync(_path, _out.ToString(), TestContext.Current.CancellationToken);
        Assert.Equal("truck", FleetFile.Load(_path).Kinds.Single().Name);
        Assert.Contains("# {\"speedLimit\":", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_that_is_not_there_is_one_sentence()
    {
        Assert.Equal(2, await RunAsync("kinds", "trucks"));
        Assert.Equal("there is no kind \"trucks\"; did you mean \"truck\"?", _error.ToString().TrimEnd());
    }

    private Task<int> RunAsync(params string[] line) => Simulator.RunAsync(line, new Surface(_out, _error, null), TestContext.Current.CancellationToken);
}
