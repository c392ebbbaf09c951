namespace Twins.Simulators.Reporting;

/// <summary>A report can not be written. The message names the file and the remedy.</summary>
internal sealed class ReportException(string message, Exception? innerException = null) : Exception(message, innerException);
