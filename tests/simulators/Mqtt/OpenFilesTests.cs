using Twins.Simulators.Mqtt;
using Xunit;

namespace Twins.Simulators.Tests.Mqtt;

public sealed class OpenFilesTests
{
    private static readonly string[] Limits =
    [
        "Limit                     Soft Limit           Hard Limit           Units     ",
        "Max processes             95993                95993                processes ",
        "Max open files            10000                20000                files     ",
    ];

    [Fact]
    public void Too_many_connections_are_told_with_the_limit() => Assert.Equal(
        "10,000 connections need 10,250 open files and this process may have 10,000; raise the limit (ulimit -n), or run fewer devices",
        OpenFiles.Objection(10_000, Limits));

    [Fact]
    public void Enough_is_enough()
    {
        Assert.Null(OpenFiles.Objection(9_750, Limits));
        Assert.Null(OpenFiles.Objection(1_000_000, ["Max open files            unlimited            unlimited            files     "]));
        Assert.Null(OpenFiles.Objection(1_000_000, []));
    }

    [Fact]
    public void A_few_are_always_possible() => Assert.Null(OpenFiles.Objection(1));
}
