namespace Twins.Faults.Tests;

/// <summary>Whom a fault strikes.</summary>
internal sealed partial class ClusterPlatform
{
    public override Part Find(Victim victim) => victim switch
    {
        Victim.Api => Api(),
        Victim.Redis => Redis(),
        Victim.Mosquitto => Mosquitto(),
        Victim.LinkSilo => Silo(LinkHolder() ?? throw new InvalidOperationException("no silo holds the broker link")),
        _ => Silo(Other(LinkHolder())),
    };

    /// <summary>The silo that has connected to the broker last; null: none has.</summary>
    private int? LinkHolder() => Enumerable.Range(0, Silos)
        .Select(number => (Number: (int?)number, Line: _silos[number].HasExited ? null : ConnectedLine(_silos[number].Output)))
        .Where(silo => silo.Line is not null)
        // A line begins with its time.
        .MaxBy(silo => silo.Line, StringComparer.Ordinal).Number;

    private static string? ConnectedLine(string output) =>
        output.Split('\n').LastOrDefault(line => line.Contains("Broker link broker is connected", StringComparison.Ordinal));

    /// <summary>One of the others, in turn.</summary>
    private int Other(int? holder)
    {
        do
        {
            _turn = (_turn + 1) % Silos;
        }
        while (_turn == holder);
        return _turn;
    }

    /// <summary>What the part printed that was struck last: its successor begins anew.</summary>
    private void Keep(string name, string output)
    {
        _ended.Clear();
        _ended.Add(($"{name} that ended", output));
    }

    private Part Silo(int number) => new(NameOf(number))
    {
        Id = () => _silos[number].Id,
        Kill = () => _silos[number].Kill(),
        Terminate = () => _silos[number].Stop(),
        StartAgain = async () =>
        {
            var settings = _silos[number].Settings;
            _refusedBefore += RefusedIn(_silos[number].Output);
            await _silos[number].DisposeAsync();
            Keep(NameOf(number), _silos[number].Output);
            _silos[number] = SiloProcess.Launch(settings, inside: _places[number]);
            await _silos[number].Ready();
        },
        Pause = () => _silos[number].Pause(),
        Resume = () => _silos[number].Resume(),
        HasExited = () => _silos[number].HasExited,
        Place = _places[number],
        Command = (_places[number] is { } place ? $"ip netns exec {place.Name} " : "") + "dotnet silo/bin/Release/net10.0/Twins.Silo.dll",
    };

    private Part Api() => new("the API")
    {
        Id = () => _api.Id,
        Kill = () => _api.Kill(),
        Terminate = () => _api.Stop(),
        StartAgain = async () =>
        {
            var settings = _api.Settings;
            await _api.DisposeAsync();
            Keep("the API", _api.Output);
            _api = TwinsProcess.Launch(settings);
            await _api.Ready();
        },
        Pause = () => _api.Pause(),
        Resume = () => _api.Resume(),
        HasExited = () => _api.HasExited,
        Command = "dotnet api/bin/Release/net10.0/Twins.Api.dll --Twins:Api:Silo=Remote",
    };

    private Part Redis() => new("Redis")
    {
        Id = () => _redis.Id,
        Kill = () => _redis.Kill(),
        Terminate = () => _redis.Stop(),
        StartAgain = () => _redis.StartAgain(),
        Pause = () => _redis.Pause(),
        Resume = () => _redis.Resume(),
        HasExited = () => _redis.HasExited,
        Command = "redis-server --appendonly yes --appendfsync always",
    };

    private Part Mosquitto() => new("Mosquitto")
    {
        Id = () => _mosquitto.Id,
        Kill = () => _mosquitto.Kill(),
        Terminate = () => _mosquitto.Stop(),
        StartAgain = () => _mosquitto.StartAgain(),
        Pause = () => _mosquitto.Pause(),
        Resume = () => _mosquitto.Resume(),
        HasExited = () => _mosquitto.HasExited,
        Command = "mosquitto -c mosquitto.conf",
    };
}
