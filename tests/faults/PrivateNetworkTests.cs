using System.Net;
using System.Net.Sockets;

namespace Twins.Faults.Tests;

/// <summary>The network that silos are cut off in: a pulled cable is one, and nothing of it stays.</summary>
public sealed class PrivateNetworkTests
{
    [Fact]
    public async Task A_cable_that_is_pulled_lets_nothing_through_until_it_is_plugged_in_again()
    {
        Require.Components(Component.Redis);
        if (await PrivateNetwork.WhyNot() is { } reason)
        {
            Assert.Skip(reason);
        }

        NetworkMember member;
        await using (var network = await PrivateNetwork.Create())
        {
            member = await network.Add();
            await using var server = ChildProcess.Start(
                Component.Ip.RequiredPath,
                ["netns", "exec", member.Name, Component.Redis.RequiredPath, "--port", "6379", "--bind", member.Address, "--protected-mode", "no", "--save", ""]);
            await Listening.On(6379, server, "redis-server", IPAddress.Parse(member.Address));

            await member.Cut();
            Assert.False(await Answers(member));
            await member.Mend();
            await Eventually.Is(() => Answers(member), "the server to answer again");
        }

        Assert.False(File.Exists($"/run/netns/{member.Name}"));
        Assert.False(Directory.Exists($"/sys/class/net/{member.Cable}"));
    }

    private static async Task<bool> Answers(NetworkMember member)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(member.Address), 6379, patience.Token);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
