namespace Twins.Simulators.Behaviours;

/// <summary>A way along a route; the value is a position. Formulas ask for its heading, speed and distance.</summary>
/// <param name="Points">Latitude and longitude in degrees; at least two.</param>
/// <param name="Speed">Kilometres an hour; less than 0 is taken for 0.</param>
/// <param name="End">What happens at its end.</param>
internal sealed record TrackBehaviour(IReadOnlyList<(double Latitude, double Longitude)> Points, Formula Speed, TrackEnd End) : Behaviour
{
    /// <summary>Latitude, longitude, then these.</summary>
    public const int HeadingSlot = 2;
    public const int SpeedSlot = 3;
    public const int DistanceSlot = 4;
    private const int AlongSlot = 5;

    /// <summary>How many kilometres along the route it begins; null: each device somewhere else.</summary>
    public double? Begin { get; init; } = 0;

    public override int Slots => 6;

    public override ValueKind Kind(KindBinder binder) => ValueKind.Position;

    public override Process Bind(PropertyBinder binder)
    {
        var (speed, at) = (binder.Number(Speed), binder.At);
        var route = new Route(Points, End == TrackEnd.Loop);
        var round = End == TrackEnd.Back ? 2 * route.Length : route.Length;
        return new Process(
            (in moment) =>
            {
                moment.State[at + AlongSlot] = Begin ?? round * moment.Random.NextDouble();
                moment.State[at + SpeedSlot] = Finite(speed(moment));
                moment.State[at + DistanceSlot] = 0;
                Place(moment.State, at, route);
            },
            (in moment) =>
            {
                var now = Finite(speed(moment));
                var way = (moment.State[at + SpeedSlot] + now) / 2 * moment.Seconds / 3600;
                var along = moment.State[at + AlongSlot] + way;
                if (End == TrackEnd.Stop && along >= route.Length)
                {
                    way = route.Length - moment.State[at + AlongSlot];
                    along = route.Length;
                    now = 0;
                }

                moment.State[at + AlongSlot] = End == TrackEnd.Stop ? along : along % round;
                moment.State[at + SpeedSlot] = now;
                moment.State[at + DistanceSlot] += way;
                Place(moment.State, at, route);
            });
    }

    private static double Finite(double speed) => double.IsFinite(speed) ? Math.Max(0, speed) : 0;

    private static void Place(Span<double> state, int at, Route route)
    {
        var along = state[at + AlongSlot];
        var back = along > route.Length;
        var (latitude, longitude, heading) = route.At(back ? 2 * route.Length - along : along);
        state[at] = latitude;
        state[at + 1] = longitude;
        state[at + HeadingSlot] = back ? (heading + 180) % 360 : heading;
    }
}
