namespace Twins.Faults.Tests;

/// <summary>The command line of <c>tests/soak</c>.</summary>
public sealed class FaultOptionsTests
{
    [Fact]
    public void All_is_inflicted_where_nobody_says_what()
    {
        var options = FaultOptions.Parse([]);
        Assert.Equal(FaultCatalog.All, options.Faults);
        Assert.Null(options.Rounds);
    }

    [Fact]
    public void A_name_is_a_fault_and_the_name_of_a_part_all_its_faults()
    {
        var options = FaultOptions.Parse(["--what", "silo-kill,redis", "--rounds", "7", "--for", "30", "--devices", "5", "--json", "report.json"]);
        Assert.Equal(["silo-kill", "redis-kill", "redis-restart", "redis-stop"], options.Faults.Select(fault => fault.Name));
        Assert.Equal((7, TimeSpan.FromSeconds(30), 5, "report.json"), (options.Rounds, options.For, options.Devices, options.Json));
    }

    [Theory]
    [InlineData("--what flood", "there is no fault \"flood\"; --list names them")]
    [InlineData("--rounds 0", "--rounds 0 is no whole number from 1 to 100000")]
    [InlineData("--rounds", "--rounds needs a value")]
    [InlineData("--fast", "there is no option --fast; there are --what, --rounds, --for, --devices, --json, --logs and --list")]
    public void What_is_wrong_is_said_in_a_sentence(string line, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<FormatException>(() => FaultOptions.Parse(line.Split(' '))).Message);

    [Fact]
    public void Every_fault_has_a_name_of_its_own_and_words() =>
        Assert.All(FaultCatalog.All, fault => Assert.Same(fault, Assert.Single(FaultCatalog.All, other => other.Name == fault.Name && other.What == fault.What)));
}
