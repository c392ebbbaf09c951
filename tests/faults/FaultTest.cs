namespace Twins.Faults.Tests;

/// <summary>A round of faults as a test: whatever is struck, nothing that was acknowledged is lost and no twin goes backwards.</summary>
public abstract class FaultTest
{
    /// <summary>Half as many hang on the broker.</summary>
    private const int Devices = 12;

    /// <summary>Far above what a quiet machine shows (docs/faults.md): the suite's is not.</summary>
    private const double BackWithinSeconds = 30;

    /// <summary>Inflicts one after the other, and fails unless every promise is kept.</summary>
    private protected static async Task Inflict(FaultPlatform platform, params Fault[] faults)
    {
        var results = await new FaultRound(platform, faults, Devices).Run(TestContext.Current.CancellationToken);
        var reports = faults.Zip(results, (fault, result) => FaultReport.Of(fault, [result])).ToArray();
        Show(reports, platform);

        Assert.Empty(reports.SelectMany(report => report.Broken));
        foreach (var (fault, result) in faults.Zip(results))
        {
            Assert.InRange(result.Silent!.Value, 0, BackWithinSeconds + (fault.Lasts ? fault.For.TotalSeconds : 0));
        }

        Assert.InRange(results[^1].Fleet.Acknowledged, Devices * 10, long.MaxValue);
        Assert.NotEqual(0, results[^1].Events);
    }

    private static void Show(FaultReport[] reports, FaultPlatform platform)
    {
        var text = new StringWriter();
        ReportTable.Write(reports, text);
        foreach (var (name, output) in reports.All(report => report.Broken.Count == 0) ? [] : platform.Outputs)
        {
            text.WriteLine($"the last lines of {name}:\n{string.Join('\n', output.Split('\n').TakeLast(40))}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(text.ToString());
    }
}
