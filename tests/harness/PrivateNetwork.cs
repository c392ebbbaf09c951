using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Twins.Tests.Harness;

/// <summary>
/// A network inside this machine: a bridge that the machine itself is on, and members in network namespaces of their own,
/// each behind a cable that can be pulled. Needs root, <c>ip</c> and a kernel that lets one make namespaces. Its names are
/// unique, and all of it goes when it is disposed or the process ends.
/// </summary>
public sealed partial class PrivateNetwork : IAsyncDisposable
{
    /// <summary>Of 198.18.0.0/15, which is for measurements inside a network (RFC 2544) and in nobody's use.</summary>
    private const string Prefix = "198.18";

    private static readonly ConcurrentDictionary<PrivateNetwork, bool> s_open = new();
    private static readonly Lazy<Task<string?>> s_whyNot = new(Try);

    private static int s_made;

    // Interfaces have names of at most 15 characters: this is 9, and 3 come behind it.
    private readonly string _name = string.Create(
        CultureInfo.InvariantCulture, $"tw{Environment.ProcessId:x6}{(char)('a' + (Interlocked.Increment(ref s_made) % 26))}");
    private readonly int _subnet = RandomNumberGenerator.GetInt32(1, 255);
    private readonly ConcurrentQueue<NetworkMember> _members = new();

    static PrivateNetwork() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var network in s_open.Keys)
        {
            network.Remove().GetAwaiter().GetResult();
        }
    };

    private PrivateNetwork()
    {
    }

    /// <summary>This machine's address in it.</summary>
    public string Host => Address(1);

    private string Bridge => $"{_name}b";

    /// <summary>Why there can be none on this machine; null where there can.</summary>
    public static Task<string?> WhyNot() => s_whyNot.Value;

    /// <summary>Makes a network.</summary>
    public static async Task<PrivateNetwork> Create()
    {
        await RemoveLeftOvers();
        var network = new PrivateNetwork();
        s_open[network] = true;
        try
        {
            await Ip($"link add name {network.Bridge} type bridge");
            await Ip($"addr add {network.Host}/24 dev {network.Bridge}");
            await Ip($"link set {network.Bridge} up");
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a member.</summary>
    public async Task<NetworkMember> Add()
    {
        var number = _members.Count + 1;
        var name = string.Create(CultureInfo.InvariantCulture, $"{_name}n{number}");
        var member = new NetworkMember(name, $"{name}h", Address(number + 10));
        _members.Enqueue(member);
        await Ip($"netns add {name}");
        await Ip($"link add {member.Cable} type veth peer name eth0 netns {name}");
        await Ip($"link set {member.Cable} master {Bridge} up");
        await Ip($"-n {name} addr add {member.Address}/24 dev eth0");
        await Ip($"-n {name} link set lo up");
        await Ip($"-n {name} link set eth0 up");
        return member;
    }

    public async ValueTask DisposeAsync()
    {
        await Remove();
        s_open.TryRemove(this, out _);
    }

    /// <summary>Runs <c>ip</c>; throws what it said when it fails.</summary>
    internal static async Task Ip(string arguments)
    {
        await using var ip = ChildProcess.Start(Component.Ip.RequiredPath, arguments.Split(' '));
        if (await ip.WaitForExit(Eventually.Deadline) != 0)
        {
            throw new InvalidOperationException($"ip {arguments}: {ip.Output}");
        }
    }

    private static async Task<string?> Try()
    {
        if (Component.Ip.Path is null)
        {
            return Component.Ip.Missing;
        }

        if (Environment.UserName != "root")
        {
            return "only root may make network namespaces";
        }

        try
        {
            await using var network = await Create();
            await network.Add();
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return $"this machine makes no network namespaces ({exception.Message.Trim()})";
        }
    }

    private string Address(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}.{_subnet}.{number}");

    /// <summary>What was never made is not missed.</summary>
    private async Task Remove()
    {
        foreach (var member in _members)
        {
            await Attempt($"link del {member.Cable}");
            await Attempt($"netns del {member.Name}");
        }

        await Attempt($"link del {Bridge}");
    }

    /// <summary>Namespaces, cables and bridges whose process is no more.</summary>
    private static async Task RemoveLeftOvers()
    {
        foreach (var name in Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns").Select(path => Path.GetFileName(path)) : [])
        {
            if (IsLeftOver(name))
            {
                await Attempt($"netns del {name}");
            }
        }

        foreach (var name in Directory.GetDirectories("/sys/class/net").Select(path => Path.GetFileName(path)))
        {
            if (IsLeftOver(name))
            {
                await Attempt($"link del {name}");
            }
        }
    }

    private static bool IsLeftOver(string name) =>
        Name().Match(name) is { Success: true } match && !Directory.Exists($"/proc/{Convert.ToInt32(match.Groups["process"].Value, 16)}");

    private static async Task Attempt(string arguments)
    {
        try
        {
            await Ip(arguments);
        }
        catch (InvalidOperationException)
        {
            // Gone, or never there.
        }
    }

    [GeneratedRegex("^tw(?<process>[0-9a-f]{6})[a-z](b|n[0-9]+h?)$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Name();
}
