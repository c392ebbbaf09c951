using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Twins.Benchmarks.Rest;

/// <summary>The bare route: an ASP.NET Core application whose only route answers the same bytes to everybody, in a process of its own.</summary>
internal static class SameBytes
{
    /// <summary>The verb that starts it; not for people.</summary>
    public const string Verb = "same-bytes";

    /// <summary>Starts it on a port.</summary>
    public static async Task<ChildProcess> Start(int port, string body)
    {
        var process = ChildProcess.Start(
            "dotnet", [typeof(SameBytes).Assembly.Location, Verb, "--port", $"{port}", "--body", Convert.ToBase64String(Encoding.UTF8.GetBytes(body))]);
        await Listening.On(port, process, Verb);
        return process;
    }

    /// <summary>Is it, until its standard input ends.</summary>
    public static async Task Serve(Options options)
    {
        var body = Convert.FromBase64String(options.Text("body")!);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Number("port", 0)}");
        await using var app = builder.Build();
        app.MapGet("/twins/{id}", (string id) => Results.Bytes(body, MediaTypeNames.Application.Json));
        await app.StartAsync();
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }
}
