using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

public sealed class RqlListsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  ", "")]
    [InlineData("sort()", "")]
    [InlineData("+tags/site,-reported/temp", "+tags/site -reported/temp")]
    [InlineData(" tags/site, -reported/temp", "+tags/site -reported/temp")]
    [InlineData("id , - connection/lastSeen,model,revision", "+id -connection/lastSeen +model +revision")]
    [InlineData("sort(+tags/site,-metadata/reported/temp/at)", "+tags/site -metadata/reported/temp/at")]
    [InlineData("-reported/\"motor temp\"", "-reported/motor temp")]
    public void Reads_sorts(string text, string keys)
    {
        Assert.True(Rql.TryParseSort(text, out var read, out var problem), problem?.Detail);
        Assert.Equal(keys, string.Join(' ', read.Select(key => (key.Descending ? "-" : "+") + key.Path)));
    }

    [Theory]
    [InlineData("id,", "character 4, its end: a path is missing here")]
    [InlineData("-", "character 2, its end: a path is missing here")]
    [InlineData("--id", "character 2, near \"-id\": \"-id\" is not known here (did you mean id?)")]
    [InlineData("name", "character 1, near \"name\": \"name\" is not known here")]
    [InlineData("id,+id", "character 4, near \"+id\": the same key comes twice; leave this one out")]
    [InlineData("tags/a,-tags/\"a\"", "character 8, near \"-tags/\"a\"\": the same key comes twice")]
    [InlineData("id desc", "character 4, near \"desc\": a comma must stand between two keys, such as +tags/site,-reported/temp")]
    [InlineData("id,model,revision,tags/a,tags/b", "character 26, near \"tags/b\": this is one key more than the limit of 4; leave some out")]
    [InlineData("tags", "character 1, near \"tags\": a sort takes single values, and tags is an object; name a property in it, such as tags/site")]
    [InlineData("sort", "character 5, its end: \"(\" must follow sort")]
    [InlineData("sort(id", "character 8, its end: \")\" is missing behind sort(…")]
    [InlineData("sort(id) id", "character 10, near \"id\": a comma must stand between two keys")]
    [InlineData("sorted(id)", "character 1, near \"sorted(id)\": \"sorted\" is not known here")]
    public void Refuses_sorts(string text, string wrong)
    {
        Assert.False(Rql.TryParseSort(text, out _, out var problem));
        Assert.Equal((400, "sort-invalid"), (problem.Status, problem.Code));
        Assert.StartsWith("sort is wrong at " + wrong, problem.Detail);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("tags/site, model", "tags/site model")]
    [InlineData("connection/status,tags/a,tags/b,createdAt", "connection/status tags/a tags/b createdAt")]
    public void Reads_groups(string text, string paths)
    {
        Assert.True(Rql.TryParseGroup(text, out var read, out var problem), problem?.Detail);
        Assert.Equal(paths, string.Join(' ', read.AsEnumerable()));
    }

    [Theory]
    [InlineData("model;id", "character 6, near \";id\": a comma must stand between two paths, such as tags/site,model")]
    [InlineData("id,id", "character 4, near \"id\": the same path comes twice")]
    [InlineData("+id", "character 1, near \"+id\": a path is missing here")]
    [InlineData("reported", "character 1, near \"reported\": a group takes single values, and reported is an object; name a property in it, such as reported/temp")]
    [InlineData("id,model,revision,tags/a,tags/b", "character 26, near \"tags/b\": this is one path more than the limit of 4")]
    public void Refuses_groups(string text, string wrong)
    {
        Assert.False(Rql.TryParseGroup(text, out _, out var problem));
        Assert.Equal((400, "group-invalid"), (problem.Status, problem.Code));
        Assert.StartsWith("group is wrong at " + wrong, problem.Detail);
    }

    [Theory]
    [InlineData("count", "count")]
    [InlineData(" count , avg( reported/\"motor temp\" / \"x\" )", "count avg(reported/\"motor temp\"/x)")]
    [InlineData("count(tags),count(id),sum(revision),min(reported/a),max(createdAt)", "count(tags) count(id) sum(revision) min(reported/a) max(createdAt)")]
    public void Reads_measures(string text, string measures)
    {
        Assert.True(Rql.TryParseMeasures(text, out var read, out var problem), problem?.Detail);
        Assert.Equal(measures, string.Join(' ', read.Select(measure => measure.Text)));
        Assert.All(read, measure => Assert.StartsWith(measure.Kind.ToString(), measure.Text, StringComparison.OrdinalIgnoreCase));
        Assert.All(read, measure => Assert.Equal(measure.Text.Contains('(', StringComparison.Ordinal), measure.Path is not null));
    }

    [Theory]
    [InlineData("", "character 1: a measure is missing here; write one such as count or avg(reported/temp)")]
    [InlineData("count,", "character 7, its end: a measure is missing here")]
    [InlineData("median(reported/x)", "character 1, near \"median(reported/x)\": \"median\" is no measure; use count, count(path)")]
    [InlineData("Avg(reported/x)", "character 1, near \"Avg(reported/x)\": \"Avg\" is no measure (did you mean avg?)")]
    [InlineData("sum", "character 4, its end: sum needs a path; write sum(reported/temp)")]
    [InlineData("count()", "character 7, near \")\": a path is missing here")]
    [InlineData("avg(reported/x", "character 15, its end: \")\" is missing behind avg(…")]
    [InlineData("avg(reported/x,reported/y)", "character 15, near \",reported/y)\": avg takes one path; close it with \")\" before the comma")]
    [InlineData("count avg(reported/x)", "character 7, near \"avg(reported/x)\": a comma must stand between two measures")]
    [InlineData("count,count", "character 7, near \"count\": the same measure comes twice")]
    [InlineData("sum(createdAt)", "character 5, near \"createdAt)\": times do not add up; use min(createdAt) or max(createdAt)")]
    [InlineData("avg(metadata/reported/a/at)", "character 5, near \"metadata/reported/a/…\": times do not add up")]
    [InlineData("min(id)", "character 5, near \"id)\": id is a text, and only numbers are measured; use count(id)")]
    [InlineData("sum(tags)", "character 5, near \"tags)\": sum takes single values, and tags is an object")]
    public void Refuses_measures(string text, string wrong)
    {
        Assert.False(Rql.TryParseMeasures(text, out _, out var problem));
        Assert.Equal((400, "measure-invalid"), (problem.Status, problem.Code));
        Assert.StartsWith("measure is wrong at " + wrong, problem.Detail);
    }

    [Fact]
    public void Measures_have_a_limit()
    {
        var most = string.Join(',', Enumerable.Range(0, Rql.MaxMeasures).Select(number => $"sum(tags/a{number})"));
        Assert.True(Rql.TryParseMeasures(most, out var read, out _));
        Assert.Equal(Rql.MaxMeasures, read.Length);
        Assert.False(Rql.TryParseMeasures(most + ",count", out _, out var problem));
        Assert.EndsWith("near \"count\": this is one measure more than the limit of 16; leave some out", problem.Detail);
    }
}
