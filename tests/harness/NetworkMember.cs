namespace Twins.Tests.Harness;

/// <summary>A place in a <see cref="PrivateNetwork"/> that a process can run in, and that can be cut off.</summary>
/// <param name="Name">The namespace.</param>
/// <param name="Cable">The end of its cable that is not in it.</param>
/// <param name="Address">Its address.</param>
public sealed record NetworkMember(string Name, string Cable, string Address)
{
    /// <summary>What stands before the command line of a process that is to run in it; the process id is the process' own.</summary>
    internal IEnumerable<string> Prefix => [Component.Ip.RequiredPath, "netns", "exec", Name];

    /// <summary>Pulls the cable: nothing comes or goes, and connections do not learn of it.</summary>
    public Task Cut() => PrivateNetwork.Ip($"link set {Cable} down");

    /// <summary>Plugs it in again.</summary>
    public Task Mend() => PrivateNetwork.Ip($"link set {Cable} up");
}
