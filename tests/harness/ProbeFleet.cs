namespace Twins.Tests.Harness;

/// <summary>Fleets that are made to show damage.</summary>
public static class ProbeFleet
{
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
}
