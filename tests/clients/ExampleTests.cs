using System.Net;
using Twins.Tests.Harness;

namespace Twins.Clients.Tests;

/// <summary>The devices of <c>examples</c> report, take over what is desired, and answer a command.</summary>
public sealed class ExampleTests(RunningPlatform platform) : OwningTest
{
    private readonly string _id = $"examples:{Guid.NewGuid():N}";

    [Fact]
    public async Task Python_device_works()
    {
        using var rest = new TwinsRest(await platform.Url(Component.Paho));
        await Works(rest, ChildProcess.Start(Component.Paho.RequiredPath, [Example("python", "device.py"), .. await Arguments()]));
    }

    [Fact]
    public async Task JavaScript_device_works()
    {
        using var rest = new TwinsRest(await platform.Url(Component.Node, Component.Npm));
        await Works(rest, await NodePackage.Example.Start("device.js", await Arguments()));
    }

    [Fact]
    public async Task C_device_works()
    {
        using var rest = new TwinsRest(await platform.Url(Component.C, Component.PahoC));
        using var folder = new TemporaryFolder();
        await Compile(Component.C, ["-Wall", "-Wextra", "-Werror", "-o", folder.In("device"), Example("c", "device.c"), "-lpaho-mqtt3c"]);
        await Works(rest, ChildProcess.Start(folder.In("device"), await Arguments()));
    }

    /// <summary>The sketch and PubSubClient as they are, on a POSIX version of the part of the Arduino core that they use.</summary>
    [Fact]
    public async Task Arduino_device_works()
    {
        using var rest = new TwinsRest(await platform.Url(Component.Cpp));
        using var folder = new TemporaryFolder();
        var arduino = Path.Combine(Repository.Root, "tests", "clients", "arduino");
        await Compile(
            Component.Cpp,
            [
                "-std=c++17", "-Wall", "-I", Path.Combine(arduino, "core"), "-I", Path.Combine(arduino, "PubSubClient"), "-include", "Arduino.h",
                "-D", "WIFI_NAME=\"\"", "-D", "WIFI_PASSWORD=\"\"",
                "-D", "TWINS_HOST=\"127.0.0.1\"", "-D", $"TWINS_PORT={await platform.MqttPort()}", "-D", $"TWINS_ID=\"{_id}\"", "-o", folder.In("device"),
                "-x", "c++", Example("arduino/device", "device.ino"), Path.Combine(arduino, "core", "core.cpp"), Path.Combine(arduino, "PubSubClient", "PubSubClient.cpp"),
            ]);
        await Works(rest, ChildProcess.Start(folder.In("device"), []));
    }

    [Fact]
    public async Task CSharp_device_works()
    {
        using var rest = new TwinsRest(await platform.Url());
        await Works(rest, ChildProcess.Start("dotnet", [Repository.Program("examples/csharp", "Twins.Examples.Device.dll"), .. await Arguments()]));
    }

    private static async Task Compile(Component compiler, string[] arguments)
    {
        await using var process = ChildProcess.Start(compiler.RequiredPath, arguments);
        Assert.True(await process.WaitForExit(TimeSpan.FromSeconds(60)) == 0, process.Output);
    }

    private static string Example(string language, string file) => Path.Combine(Repository.Root, "examples", language, file);

    private async Task<string[]> Arguments() => ["127.0.0.1", $"{await platform.MqttPort()}", _id];

    private async Task Works(TwinsRest rest, ChildProcess device)
    {
        Ours(device);
        try
        {
            await Eventually.Passes(async () => Assert.InRange((double)(await rest.Reported(_id))!["temperature"]!, 20, 25));
            (await rest.Patch($"/twins/{_id}/desired", """{"setpoint":21,"mode":{"eco":true}}""")).Expect(HttpStatusCode.OK);
            await Eventually.Passes(async () => Assert.Equal("""{"eco":true}21""", (await rest.Reported(_id))!["mode"]?.ToJsonString() + (await rest.Reported(_id))!["setpoint"]?.ToJsonString()));

            // It may not have subscribed to commands yet.
            await Eventually.Passes(async () => Assert.True((bool)(await rest.Post($"/twins/{_id}/commands/ping?timeout=10s", "{}")).Expect(HttpStatusCode.OK)!["response"]!["body"]!["pong"]!));
        }
        catch
        {
            TestContext.Current.TestOutputHelper?.WriteLine(device.Output);
            throw;
        }
    }
}
