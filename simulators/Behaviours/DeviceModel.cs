using Twins.Simulators.Devices;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Behaviours;

/// <summary>A device of a kind as its plan describes it. Its state is two arrays of numbers; all else is the kind's.</summary>
internal sealed partial class DeviceModel : IDeviceModel
{
    private readonly KindProgram _program;
    private readonly Random _random;
    private readonly DateTimeOffset _start;
    private readonly int _serial;
    private readonly double[] _state;

    // As last written, by property; a position's second number stands behind all properties.
    private readonly double[] _reported;
    private DateTimeOffset _now;

    // Few devices ever have any of these.
    private Dictionary<int, SensorFault>? _faults;
    private Dictionary<int, string>? _texts;
    private SortedDictionary<string, byte[]>? _kept;

    /// <param name="kind">What it is.</param>
    /// <param name="serial">Its number in the fleet, from 1.</param>
    /// <param name="random">Its randomness; nobody else draws from it.</param>
    /// <param name="start">What the fleet's clock shows at the fleet's start.</param>
    /// <exception cref="FleetFileException">The plan was not checked, and is wrong.</exception>
    public DeviceModel(KindPlan kind, int serial, Random random, DateTimeOffset start)
    {
        _program = KindProgram.Of(kind);
        _serial = serial;
        _random = random;
        _start = _now = start;
        _state = new double[_program.Slots];
        _reported = new double[_program.ReportedSlots];
        Array.Fill(_reported, double.NaN);
        var moment = new Moment(_state, random, start, start, 0, serial);
        foreach (var property in _program.Order)
        {
            var bound = _program.Properties[property];
            bound.Process.Start(moment);
            bound.Settle(_state, 0);
        }
    }

    /// <inheritdoc/>
    public bool HasMoved
    {
        get
        {
            for (var property = 0; property < _program.Properties.Length; property++)
            {
                if (Moved(property))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <inheritdoc/>
    public void Advance(DateTimeOffset now)
    {
        var seconds = (now - _now).TotalSeconds;
        if (seconds <= 0)
        {
            return;
        }

        _now = now;
        foreach (var (from, to) in _program.Kept)
        {
            _state[to] = _state[from];
        }

        var moment = new Moment(_state, _random, now, _start, seconds, _serial);
        foreach (var property in _program.Stepped)
        {
            var bound = _program.Properties[property];
            var before = _state[bound.At];
            bound.Process.Step!(moment);
            bound.Settle(_state, before);
        }

        if (_faults is not null)
        {
            foreach (var fault in _faults.Values)
            {
                fault.Offset += fault.UnitsAnHour * seconds / 3600;
            }
        }
    }

    /// <inheritdoc/>
    public void Stick(string path, bool stuck)
    {
        for (var property = 0; property < _program.Properties.Length; property++)
        {
            if (Matches(property, path) && (stuck || _faults?.ContainsKey(property) == true))
            {
                var reading = (Read(property, 0), Read(property, 1));
                var fault = Fault(property);
                fault.Reading = stuck && !fault.Stuck ? reading : fault.Reading;
                fault.Stuck = stuck;
            }
        }
    }

    /// <inheritdoc/>
    public void Drift(string path, double unitsAnHour)
    {
        for (var property = 0; property < _program.Properties.Length; property++)
        {
            if (Matches(property, path) && _program.Properties[property].Kind == ValueKind.Number)
            {
                var fault = Fault(property);
                fault.UnitsAnHour = unitsAnHour;
                fault.Offset = unitsAnHour == 0 ? 0 : fault.Offset;
            }
        }
    }

    private SensorFault Fault(int property)
    {
        _faults ??= [];
        if (!_faults.TryGetValue(property, out var fault))
        {
            _faults[property] = fault = new SensorFault();
        }

        return fault;
    }

    private bool Matches(int property, string path)
    {
        var own = _program.Properties[property].Plan.Path;
        return own.StartsWith(path, StringComparison.Ordinal) && (own.Length == path.Length || own[path.Length] == '/');
    }

    // What the sensor says, as it is reported: a number of a position, or the only one.
    private double Read(int property, int part)
    {
        var bound = _program.Properties[property];
        var fault = _faults?.GetValueOrDefault(property);
        if (fault is { Stuck: true })
        {
            return part == 0 ? fault.Reading.First : fault.Reading.Second;
        }

        return bound.Kind switch
        {
            // What was set is reported as it was set, or the platform would want it for ever.
            ValueKind.Number when bound.Plan.Settable => part > 0 ? 0 : _state[bound.At],

            // Plus 0, or a reading a little below it would be written as -0.
            ValueKind.Number => part > 0 ? 0 : Math.Round(_state[bound.At] + (fault?.Offset ?? 0), bound.Plan.Decimals) + 0.0,
            ValueKind.Position => Math.Round(_state[bound.At + part], PositionDecimals) + 0.0,
            _ => part > 0 ? 0 : _state[bound.At],
        };
    }

    private bool Moved(int property)
    {
        var bound = _program.Properties[property];
        if (bound.Plan.Hidden || bound.Plan.Settable)
        {
            return false;
        }

        var (now, before) = (Read(property, 0), _reported[property]);
        if (double.IsNaN(before))
        {
            return true;
        }

        if (bound.Kind == ValueKind.Position)
        {
            var other = (Read(property, 1), Before: _reported[_program.SecondOf(property)]);
            return bound.Plan.DeadBand <= 0
                ? now != before || other.Item1 != other.Before
                : Route.Distance((before, other.Before), (now, other.Item1)) * 1000 >= bound.Plan.DeadBand;
        }

        return bound.Plan.DeadBand <= 0 || bound.Kind != ValueKind.Number
            ? now != before
            : Math.Abs(now - before) >= bound.Plan.DeadBand - Rounding;
    }
}
