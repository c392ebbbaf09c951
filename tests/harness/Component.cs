using System.Diagnostics;

namespace Twins.Tests.Harness;

/// <summary>A program that is not ours and that some tests need.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Package">The Debian package it comes with.</param>
public sealed record Component(string Name, string Package)
{
    public static readonly Component Mosquitto = new("mosquitto", "mosquitto");
    public static readonly Component MosquittoPasswd = new("mosquitto_passwd", "mosquitto");
    public static readonly Component MosquittoSub = new("mosquitto_sub", "mosquitto-clients");
    public static readonly Component MosquittoPub = new("mosquitto_pub", "mosquitto-clients");
    public static readonly Component Nats = new("nats-server", "nats-server");

    /// <summary>Not the program in PATH, which changes to another user.</summary>
    public static readonly Component RabbitMq = new("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server");

    /// <summary>Erlang's registry of nodes, which comes with RabbitMQ.</summary>
    public static readonly Component Epmd = new("epmd", "erlang-base");
    public static readonly Component Redis = new("redis-server", "redis-server");
    public static readonly Component HAProxy = new("haproxy", "haproxy");
    public static readonly Component RedisCli = new("redis-cli", "redis-tools");
    public static readonly Component Chromium = new("chromium", "chromium");
    public static readonly Component Ip = new("ip", "iproute2");
    public static readonly Component Node = new("node", "nodejs");
    public static readonly Component Npm = new("npm", "npm");
    public static readonly Component C = new("cc", "gcc");
    public static readonly Component Cpp = new("c++", "g++");
    public static readonly Component PahoC = new("/usr/include/MQTTClient.h", "libpaho-mqtt-dev");
    public static readonly Component Paho = new("python3 with paho", "python3-paho-mqtt");

    private static readonly Lazy<string?> s_python = new(FindPython);

    /// <summary>The path of its program, or null where it is not installed.</summary>
    public string? Path => this == Paho ? s_python.Value : Find(Name);

    /// <summary>The path of its program.</summary>
    public string RequiredPath => Path ?? throw new InvalidOperationException($"{Missing}");

    /// <summary>What to say where it is not installed.</summary>
    public string Missing => $"{Name} is not installed; the Debian package {Package} has it";

    private static string? Find(string name)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        // Debian keeps servers in sbin, which is not in everybody's PATH.
        return path.Split(':').Concat(["/usr/local/sbin", "/usr/sbin", "/sbin"])
            .Where(folder => folder.Length > 0)
            .Select(folder => System.IO.Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }

    // The first python3 in PATH need not be Debian's, and only Debian's sees the Debian package.
    private static string? FindPython() =>
        new[] { "/usr/bin/python3", Find("python3") }.FirstOrDefault(python => python is not null && File.Exists(python) && HasPaho(python));

    private static bool HasPaho(string python)
    {
        using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import paho.mqtt.client"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
