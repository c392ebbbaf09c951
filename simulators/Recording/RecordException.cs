namespace Twins.Simulators.Recording;

/// <summary>Nothing can be recorded. The message says why, and the remedy.</summary>
internal sealed class RecordException(string message, Exception? innerException = null) : Exception(message, innerException);
