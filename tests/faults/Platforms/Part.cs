namespace Twins.Faults.Tests;

/// <summary>A part of the platform, and what can be done to it.</summary>
/// <param name="Name">What it is called in reports.</param>
internal sealed record Part(string Name)
{
    /// <summary>The process id of now.</summary>
    public required Func<int> Id { get; init; }

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public required Func<Task> Kill { get; init; }

    /// <summary>SIGTERM; returns when it is gone.</summary>
    public required Func<Task> Terminate { get; init; }

    /// <summary>Starts it with the same settings and data; returns when it is ready.</summary>
    public required Func<Task> StartAgain { get; init; }

    /// <summary>SIGSTOP; returns when it stands still.</summary>
    public required Func<Task> Pause { get; init; }

    /// <summary>SIGCONT.</summary>
    public required Action Resume { get; init; }

    /// <summary>It is gone.</summary>
    public required Func<bool> HasExited { get; init; }

    /// <summary>Where it can be cut off; null: it can not.</summary>
    public NetworkMember? Place { get; init; }

    /// <summary>How an operator would start it.</summary>
    public required string Command { get; init; }
}
