namespace Twins.Faults.Tests;

/// <summary>Rounds of a fault as a test: whatever is struck, nothing that was acknowledged is lost and no twin goes backwards.</summary>
public abstract class FaultTest
{
    /// <summary>Half as many hang on the broker.</summary>
    private const int Devices = 12;

    /// <summary>Far above what is measured on a quiet machine (docs/faults.md): the suite's is not.</summary>
    private static readonly TimeSpan s_backWithin = TimeSpan.FromSeconds(30);

    /// <summary>Inflicts it, and fails unless every promise is kept.</summary>
    private protected static async Task Inflict(FaultPlatform platform, Fault fault, int rounds)
    {
        var results = new List<RoundResult>();
        for (var round = 0; round < rounds; round++)
        {
            results.Add(await new FaultRound(platform, fault, Devices).Run(TestContext.Current.CancellationToken));
        }

        var report = FaultReport.Of(fault, results);
        var text = new StringWriter();
        ReportTable.Write([report], text);
        TestContext.Current.TestOutputHelper?.WriteLine(text.ToString());
        if (report.Broken.Count > 0)
        {
            foreach (var (name, output) in platform.Outputs)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"the last lines of {name}:\n{string.Join('\n', output.Split('\n').TakeLast(40))}");
            }
        }

        Assert.Empty(report.Broken);
        Assert.All(results, result => Assert.InRange(result.Silent ?? double.MaxValue, 0, s_backWithin.TotalSeconds + (fault.Lasts ? fault.For.TotalSeconds : 0)));
        Assert.InRange(report.Acknowledged, Devices, long.MaxValue);
        Assert.NotEqual(0, report.Events);
    }
}
