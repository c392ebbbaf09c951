using System.Globalization;

namespace Twins.Faults.Tests;

/// <summary>A fault that is inflicted, and undone, under a load that is watched.</summary>
internal sealed class Strike(FaultPlatform platform, Fault fault, FleetLoad load, FleetWatch watch)
{
    /// <summary>How long it may take until all goes on as before.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <summary>How long a silo that came back may take to see that it was declared dead, and to end.</summary>
    private static readonly TimeSpan s_endsItselfWithin = TimeSpan.FromSeconds(10);

    private readonly List<string> _commands = [];
    private Part? _part;

    /// <summary>The part that was struck.</summary>
    public string Part => _part?.Name ?? "";

    /// <summary>When it was struck, by the clock of the watch.</summary>
    public TimeSpan Began { get; private set; }

    /// <summary>When it was back.</summary>
    public TimeSpan Returned { get; private set; }

    /// <summary>When all went on as before, or the deadline was there.</summary>
    public TimeSpan Ended { get; private set; }

    /// <summary>What came back ended itself, and was started again.</summary>
    public bool EndedItself { get; private set; }

    /// <summary>Of the ledger behind the broker, how many lines were there when what the broker had was saved; null: all count.</summary>
    public long? TrustedLines { get; private set; }

    /// <summary>What an operator would have typed.</summary>
    public IReadOnlyList<string> Commands => _commands;

    /// <summary>Does it.</summary>
    public async Task Run(CancellationToken until)
    {
        var part = _part = platform.Find(fault.Victim);
        if (fault.BrokerForgets)
        {
            TrustedLines = load.LinesBehindBroker();
            await platform.BrokerSaved();
        }

        Began = watch.Now;
        try
        {
            await Inflict(part, until);
        }
        finally
        {
            Returned = watch.Now;
            // Also where the round has failed on the way.
            await Heal(part);
        }

        await SeeWhetherItEnds(part);
        await watch.IsSteady(Deadline, load.ThrowIfEnded);
        Ended = watch.Now;
    }

    private static string Id(Part part) => part.Id().ToString(CultureInfo.InvariantCulture);

    private async Task Inflict(Part part, CancellationToken until)
    {
        var seconds = fault.For.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        switch (fault.Affliction)
        {
            case Affliction.Kill:
                _commands.Add($"kill -KILL {Id(part)}");
                await part.Kill();
                if (fault.StaysAway)
                {
                    await watch.IsSteady(Deadline, load.ThrowIfEnded);
                }

                break;
            case Affliction.Restart:
                _commands.Add($"kill -TERM {Id(part)}");
                await part.Terminate();
                break;
            case Affliction.Stop:
                _commands.Add($"kill -STOP {Id(part)}; sleep {seconds}; kill -CONT {Id(part)}");
                await part.Pause();
                await Task.Delay(fault.For, until);
                break;
            default:
                var place = part.Place ?? throw new InvalidOperationException($"{part.Name} can not be cut off: it is in no network namespace");
                _commands.Add($"ip link set {place.Cable} down; sleep {seconds}; ip link set {place.Cable} up");
                await place.Cut();
                await Task.Delay(fault.For, until);
                break;
        }
    }

    private async Task Heal(Part part)
    {
        switch (fault.Affliction)
        {
            case Affliction.Stop:
                part.Resume();
                break;
            case Affliction.Cut:
                await (part.Place?.Mend() ?? Task.CompletedTask);
                break;
            default:
                await Start(part);
                break;
        }
    }

    /// <summary>
    /// A silo that the others have declared dead meanwhile ends itself when it sees that, and whatever runs it starts it again
    /// (docs/decisions/0004-membership.md).
    /// </summary>
    private async Task SeeWhetherItEnds(Part part)
    {
        if (!fault.Lasts || fault.Victim is not (Victim.Silo or Victim.LinkSilo))
        {
            return;
        }

        using var patience = new CancellationTokenSource(s_endsItselfWithin);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!part.HasExited() && !patience.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        EndedItself = part.HasExited();
        await Start(part);
    }

    private async Task Start(Part part)
    {
        if (part.HasExited())
        {
            _commands.Add(part.Command);
            await part.StartAgain();
        }
    }
}
