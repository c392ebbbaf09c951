namespace Twins.Benchmarks;

/// <summary>The command line makes no sense; the message says why.</summary>
internal sealed class OptionException(string message) : Exception(message);
