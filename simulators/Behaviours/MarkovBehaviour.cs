namespace Twins.Simulators.Behaviours;

/// <summary>States that follow each other by chance.</summary>
/// <param name="States">At least two.</param>
/// <param name="First">The index of the first; null: drawn, each as likely as its stay is long.</param>
internal sealed record MarkovBehaviour(IReadOnlyList<MarkovState> States, int? First) : Behaviour
{
    // A step of a day over states of a second: after so many changes one more tells nothing.
    private const int MostChanges = 1000;

    // A formula may say 0 or less, and no state is shorter than a blink.
    private const double ShortestStay = 0.001;

    // Value, state, and what is left of the stay in units of its mean, so that a mean that changes with the day is followed.
    public override int Slots => 3;

    public override ValueKind Kind(KindBinder binder) => binder.KindOf(States[0].Value);

    public override Process Bind(PropertyBinder binder)
    {
        var at = binder.At;
        var values = States.Select(state => binder.Any(state.Value)).ToArray();
        var stays = States.Select(state => binder.Number(state.Stay)).ToArray();
        return new Process(
            (in moment) => Enter(moment, at, First ?? Draw(moment, stays), values),
            (in moment) =>
            {
                var left = moment.Seconds;
                for (var change = 0; change < MostChanges; change++)
                {
                    var state = (int)moment.State[at + 1];
                    var stay = Math.Max(ShortestStay, stays[state](moment));
                    var until = moment.State[at + 2] * stay;
                    if (until > left)
                    {
                        moment.State[at + 2] -= left / stay;
                        return;
                    }

                    left -= until;
                    Enter(moment, at, Follow(moment.Random, States[state].Next), values);
                }
            });
    }

    private static void Enter(in Moment moment, int at, int state, Term[] values)
    {
        moment.State[at] = values[state](moment);
        moment.State[at + 1] = state;
        moment.State[at + 2] = -Math.Log(1 - moment.Random.NextDouble());
    }

    private static int Draw(in Moment moment, Term[] stays)
    {
        Span<double> lengths = stackalloc double[stays.Length];
        for (var state = 0; state < stays.Length; state++)
        {
            lengths[state] = Math.Max(ShortestStay, stays[state](moment));
        }

        return Follow(moment.Random, lengths);
    }

    private static int Follow(Random random, IReadOnlyList<double> weights)
    {
        Span<double> copy = stackalloc double[weights.Count];
        for (var state = 0; state < copy.Length; state++)
        {
            copy[state] = weights[state];
        }

        return Follow(random, copy);
    }

    private static int Follow(Random random, ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        var point = random.NextDouble() * total;
        var last = 0;
        for (var state = 0; state < weights.Length; state++)
        {
            if (weights[state] > 0)
            {
                last = state;
                point -= weights[state];
                if (point < 0)
                {
                    break;
                }
            }
        }

        return last;
    }
}
