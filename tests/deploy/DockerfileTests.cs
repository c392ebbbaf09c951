using System.Net;
using Twins.Tests.Harness;

namespace Twins.Deploy.Tests;

/// <summary>The Dockerfile: what it copies is there, what it starts is built, and nobody is root.</summary>
public sealed class DockerfileTests
{
    private static readonly string[][] s_lines =
    [
        .. Deployment.Read("docker/Dockerfile").Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    ];

    [Fact]
    public void What_it_copies_is_there_and_is_let_through()
    {
        var sources = Of("COPY")
            .Where(line => !line.Any(word => word.StartsWith("--from", StringComparison.Ordinal)))
            .SelectMany(line => line.Where(word => !word.StartsWith("--", StringComparison.Ordinal)).Skip(1).SkipLast(1))
            .ToArray();
        Assert.True(sources.Length > 10);
        var allowed = Deployment.Read("docker/Dockerfile.dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToArray();
        Assert.All(sources, source =>
        {
            var path = Path.Combine(Repository.Root, source);
            Assert.True(File.Exists(path) || Directory.Exists(path), $"{source} is not there");
            Assert.True(allowed.Any(entry => source == entry || source.StartsWith(entry + "/", StringComparison.Ordinal)), $"{source} is ignored");
        });
        Assert.All(allowed, entry => Assert.Contains(sources, source => source == entry));
    }

    [Fact]
    public void It_restores_every_project_it_publishes_from()
    {
        // A project that is not copied before the restore is missing in it.
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        Collect("api/Twins.Api.csproj");
        var copied = Of("COPY").Select(line => line[1]).Where(source => source.EndsWith(".csproj", StringComparison.Ordinal));
        Assert.Equal(wanted.Order(StringComparer.Ordinal), copied.Order(StringComparer.Ordinal));

        void Collect(string project)
        {
            if (wanted.Add(project))
            {
                var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, project))!;
                foreach (var reference in System.Xml.Linq.XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference"))
                {
                    Collect(Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(folder, (string)reference.Attribute("Include")!))));
                }
            }
        }
    }

    [Fact]
    public void It_has_the_targets_that_compose_builds_and_starts_what_they_hold()
    {
        var stages = Of("FROM").ToDictionary(line => line[3], line => line[1], StringComparer.Ordinal);
        Assert.Equal(["api", "build", "runtime", "silo"], stages.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("runtime", "runtime"), (stages["silo"], stages["api"]));
        Assert.Equal(["dotnet\", \"Twins.Silo.dll", "dotnet\", \"Twins.Api.dll"], Of("ENTRYPOINT").Select(line => string.Join(' ', line.Skip(1)).Trim('[', ']', '"')));
        Assert.All(["silo/Twins.Silo.dll", "api/Twins.Api.dll"], program => Assert.NotEmpty(Repository.Program(program.Split('/')[0], program.Split('/')[1])));
        var user = Assert.Single(Of("USER"));
        Assert.Equal("$APP_UID", user[1]);
    }

    [Fact]
    public void It_knows_no_secret() =>
        Assert.DoesNotContain(s_lines, line => line[0] is "ENV" or "ARG" || line.Any(word => word.Contains("assword", StringComparison.Ordinal)));

    [Theory]
    [InlineData(200, 0)]
    [InlineData(503, 1)]
    [InlineData(404, 1)]
    public async Task The_health_check_believes_only_200(int status, int exitCode)
    {
        var port = Loopback.FreePort();
        using var server = new HttpListener { Prefixes = { $"http://*:{port}/" } };
        server.Start();
        var answering = Answer(server, status);

        await using var healthy = ChildProcess.Start(Deployment.PathOf("docker/healthy"), [$"{port}"]);

        Assert.Equal(exitCode, await healthy.WaitForExit(Eventually.Deadline));
        Assert.Equal("/health/ready", await answering);
    }

    [Fact]
    public async Task The_health_check_fails_where_nobody_listens()
    {
        await using var healthy = ChildProcess.Start(Deployment.PathOf("docker/healthy"), [$"{Loopback.FreePort()}"]);
        Assert.Equal(1, await healthy.WaitForExit(Eventually.Deadline));
    }

    private static IEnumerable<string[]> Of(string instruction) => s_lines.Where(line => line[0] == instruction);

    private static async Task<string> Answer(HttpListener server, int status)
    {
        var context = await server.GetContextAsync();
        context.Response.StatusCode = status;
        context.Response.Close();
        return context.Request.Url!.AbsolutePath;
    }
}
