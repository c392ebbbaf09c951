using Twins.Contracts.Twins;

namespace Twins.Contracts.Tests.Twins;

public sealed class TwinIdTests
{
    [Theory]
    [InlineData("pump-1", "")]
    [InlineData("acme:pump-1", "acme")]
    [InlineData("a:b:c", "a")]
    [InlineData("0", "")]
    [InlineData("A.b_c-d:e", "A.b_c-d")]
    public void Takes(string id, string itsNamespace)
    {
        Assert.True(TwinId.IsValid(id));
        Assert.True(TwinId.TryValidate(id, out var problem));
        Assert.Null(problem);
        Assert.Equal(itsNamespace, TwinId.NamespaceOf(id));
    }

    [Theory]
    [InlineData("", "twin id is empty; ids have 1 to 128 characters")]
    [InlineData("a/b", "twin id \"a/b\" contains \"/\"; ids use letters, digits, \".\", \"_\", \"-\" and \":\"")]
    [InlineData("a b", "twin id \"a b\" contains \" \"; ids use letters, digits, \".\", \"_\", \"-\" and \":\"")]
    [InlineData("-a", "twin id \"-a\" starts with \"-\"; ids start with a letter or a digit")]
    [InlineData(":a", "twin id \":a\" starts with \":\"; ids start with a letter or a digit")]
    [InlineData("é", "twin id \"é\" contains \"é\"; ids use letters, digits, \".\", \"_\", \"-\" and \":\"")]
    [InlineData("a\n", "twin id contains U+000A as character 2; ids use letters, digits, \".\", \"_\", \"-\" and \":\"")]
    [InlineData("a😀", "twin id contains U+D83D as character 2; ids use letters, digits, \".\", \"_\", \"-\" and \":\"")]
    public void Says_what_is_wrong(string id, string detail)
    {
        Assert.False(TwinId.IsValid(id));
        Assert.False(TwinId.TryValidate(id, out var problem));
        Assert.Equal((400, "twin-id-invalid", detail), (problem.Status, problem.Code, problem.Detail));
    }

    [Fact]
    public void Has_at_most_128_characters()
    {
        Assert.True(TwinId.IsValid(new string('a', 128)));
        Assert.False(TwinId.TryValidate(new string('a', 129), out var problem));
        Assert.Equal("twin id has 129 characters; ids have at most 128", problem.Detail);
        Assert.False(TwinId.IsValid(null));
    }
}
