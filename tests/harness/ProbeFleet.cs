namespace Twins.Tests.Harness;

/// <summary>Fleets that are made to show damage.</summary>
public static class ProbeFleet
{
    /// <summary>How many properties <see cref="Changing"/> has beside its count.</summary>
    public const int Properties = 30;

    /// <summary>
    /// Devices that each report two properties five times a second: <c>count</c> grows by ten a second, so that of two values
    /// the later is known, and <c>mode</c> is a text.
    /// </summary>
    public static string Counting(int devices) => $$"""
        kinds:
          probe:
            count: {{devices}}
            tags: {line: [a, b], label: "Probe {n}"}
            report: 200ms
            properties:
              count: {counter: {rate: 36000, start: 0}, decimals: 1}
              mode: {markov: {states: {idle: {stay: 1s, next: busy}, busy: {stay: 1s, next: idle} }, start: idle} }
        """;

    /// <summary>
    /// Devices with many properties of which each report has the few that have changed: what is lost at any moment is
    /// missing until it changes again, some seconds later.
    /// </summary>
    public static string Changing(int devices) => $$"""
        kinds:
          probe:
            count: {{devices}}
            report: {every: 100ms, jitter: 20%, onChange: true}
            properties:
              count: {counter: {rate: 36000, start: 0}, decimals: 1}
        {{string.Join('\n', Enumerable.Range(0, Properties).Select(State))}}
        """;

    private static string State(int number) =>
        $"      p{number:00}: {{markov: {{states: {{a: {{stay: 2s, next: b}}, b: {{stay: 4s, next: c}}, c: {{stay: 3s, next: a}} }}, start: a}} }}";
}
